package io.provision.resource.unit;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Frame;
import io.provision.resource.LocalHost;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Which service manager a host was booted with, and what is said where nothing is built for it. */
final class ServiceManagersTest {
  @ParameterizedTest
  @CsvSource({
    "systemd, run/systemd/system, systemd",
    "OpenRC, run/openrc, init",
    "runit, run/runit, runit",
    "s6, run/s6-rc, s6-svscan",
    "dinit, run/none, dinit",
    "init, run/none, init",
    // Where systemd is installed and another one was booted.
    "OpenRC, run/openrc, systemd",
    "'', run/none, 'a b'",
    "'', run/none, ''"
  })
  void aHostSaysWhatItWasBootedWith(
      String name, String directory, String first, @TempDir Path temporary) throws IOException {
    for (var shell : List.of("dash", "bash", "busybox sh")) {
      var root = temporary.resolve(shell.replace(" ", "-"));
      Files.createDirectories(root.resolve(directory));
      Files.createDirectories(root.resolve("proc/1"));
      Files.writeString(root.resolve("proc/1/comm"), first + "\n");
      var host = new LocalHost(temporary).below(root).in(shell.split(" "));
      assertThat(host.look(Probes.of(ServiceManagers.QUESTION)).of(ServiceManagers.QUESTION))
          .as(shell)
          .isEqualTo(name);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"OpenRC", "runit", "s6", "dinit", "init"})
  void aUnitOnAnotherOneIsRefusedByName(String name) {
    for (var unit : List.of(Unit.running("demo"), Unit.stopped("demo"))) {
      assertThat(unit.check(seen(name)))
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it -> {
                assertThat(it.what()).contains(name);
                assertThat(it.remedy()).contains("systemd");
              });
    }
    assertThat(ServiceManagers.SYSTEMD.check(seen(name))).isInstanceOf(Check.Refused.class);
  }

  @Test
  void whatCannotBeToldIsNotTakenForSystemd() {
    assertThat(ServiceManagers.SYSTEMD.check(seen(""))).isInstanceOf(Check.Refused.class);
    assertThat(ServiceManagers.SYSTEMD.check(seen("systemd"))).isInstanceOf(Check.InSync.class);
    var read = ServiceManagers.QUESTION.kind();
    for (var output : List.of("", "a b", "$(x)", "systemd\nsystemd", "x".repeat(1 << 20))) {
      assertThat(read.read(List.of(ServiceManagers.QUESTION), new Frame(0, output)).getFirst())
          .isEmpty();
    }
  }

  private static Observations seen(String name) {
    return new Observations.Builder()
        .put(ServiceManagers.QUESTION, name)
        .put(
            Units.of("demo.service"),
            new UnitState("loaded", "active", "running", "enabled", "", List.of(), Map.of()))
        .build();
  }
}

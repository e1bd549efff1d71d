package io.provision.steps.os.region;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.resource.LocalHost;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.os.OnHosts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** On a host that is a directory. */
final class RegionTest {
  private static final String INVENTORY =
      """
      timezone: Europe/Berlin
      locale: de_DE.UTF-8
      hosts:
        w1: {}
        w2: { timezone: UTC, locale: C.UTF-8 }
      """;

  @TempDir Path root;
  private LocalHost host = new LocalHost(Path.of("/nonexistent"));

  @BeforeEach
  void start() throws IOException {
    for (var each : new String[] {"etc/default", "usr/share/zoneinfo/Europe", "proc", "sys"}) {
      Files.createDirectories(root.resolve(each));
    }
    for (var zone : new String[] {"UTC", "Europe/Berlin"}) {
      Files.createFile(root.resolve("usr/share/zoneinfo").resolve(zone));
    }
    host =
        new LocalHost(root)
            .below(root)
            .program("locale", "printf 'C\\nC.utf8\\nPOSIX\\n'")
            .program("dpkg-query", "exit 1")
            .program("dpkg", "exit 0")
            .program("rpm", "exit 127")
            .program("apt-get", "exit 0");
    for (var program : new String[] {"stat", "sha256sum"}) {
      host.program(program, "/usr/bin/%s \"$@\" | sed 's: %s/: /:'".formatted(program, root));
    }
  }

  private Check check(Step<Target.OnHost> step, Target.OnHost target) {
    var seen = host.look(step.probes(target));
    return step.check(target, seen, Known.NOTHING);
  }

  private static Target.OnHost of(String name) {
    return OnHosts.of(name, INVENTORY);
  }

  @Test
  void whereNothingIsSaidNothingIsAskedAndNothingDone() {
    var plain = OnHosts.of("w1", "hosts:\n  w1:\n");
    for (var step : new Step<?>[] {new Timezone(), new SystemLocale()}) {
      @SuppressWarnings("unchecked") // both are of hosts
      var ofHost = (Step<Target.OnHost>) step;
      assertThat(ofHost.probes(plain)).isEqualTo(Probes.NONE);
      assertThat(ofHost.check(plain, new Observations.Builder().build(), Known.NOTHING))
          .isInstanceOf(Check.Skipped.class);
    }
  }

  @Test
  void aHostsOwnWordCountsBeforeThatForAll() {
    assertThat(subjects(check(new Timezone(), of("w1")))).contains("/etc/localtime");
    repaired(new Timezone(), of("w2"));
    assertThat(root.resolve("etc/localtime").toAbsolutePath()).isSymbolicLink();
    assertThat(check(new Timezone(), of("w2"))).isInstanceOf(Check.InSync.class);
    assertThat(subjects(check(new Timezone(), of("w1")))).containsExactly("/etc/localtime");
  }

  /** Debian writes it beside the link, and newer systems do not have it any more. */
  @Test
  void theNameIsWrittenWhereThereIsAFileForIt() throws IOException {
    repaired(new Timezone(), of("w1"));
    assertThat(root.resolve("etc/timezone")).doesNotExist();
    Files.writeString(root.resolve("etc/timezone"), "Etc/UTC\n");
    assertThat(subjects(check(new Timezone(), of("w1")))).containsExactly("/etc/timezone");
    repaired(new Timezone(), of("w1"));
    assertThat(root.resolve("etc/timezone")).hasContent("Europe/Berlin\n");
  }

  @Test
  void aSystemWithoutTheZoneGetsThePackageFirst() throws IOException {
    Files.delete(root.resolve("usr/share/zoneinfo/Europe/Berlin"));
    assertThat(subjects(check(new Timezone(), of("w1"))))
        .containsExactly("package tzdata", "/etc/localtime");
    repaired(new Timezone(), of("w2"));
    assertThat(subjects(check(new Timezone(), of("w1"))))
        .as("with another zone")
        .containsExactly("package tzdata", "/etc/localtime");
    host.program("dpkg-query", "echo 'tzdata all install installed 2026a'");
    Files.delete(root.resolve("etc/localtime"));
    Files.createSymbolicLink(
        root.resolve("etc/localtime"), root.resolve("usr/share/zoneinfo/Europe/Berlin"));
    assertThat(subjects(check(new Timezone(), of("w1"))))
        .as("with a link that leads nowhere, whatever the package has")
        .containsExactly("/etc/localtime");
  }

  @Test
  void ofTheFileOnlyTheLanguageIsChanged() throws IOException {
    var file = root.resolve("etc/default/locale");
    Files.writeString(
        file, "# by hand\nexport LANG=\"en_US\"\nLC_TIME=C.UTF-8\nLANG=x\nLANGUAGE=y");
    repaired(new SystemLocale(), of("w2"));
    assertThat(file).hasContent("# by hand\nLANG=C.UTF-8\nLC_TIME=C.UTF-8\nLANGUAGE=y\n");
    assertThat(check(new SystemLocale(), of("w2"))).isInstanceOf(Check.InSync.class);
    Files.delete(file);
    repaired(new SystemLocale(), of("w2"));
    assertThat(file).hasContent("LANG=C.UTF-8\n");
  }

  @Test
  void aLocaleThatIsNotThereIsMadeAndOneThatIsThereIsNot() {
    assertThat(subjects(check(new SystemLocale(), of("w1"))))
        .containsExactly("package locales", "locale de_DE.UTF-8", "/etc/default/locale");
    assertThat(subjects(check(new SystemLocale(), of("w2"))))
        .containsExactly("/etc/default/locale");
  }

  private void repaired(Step<Target.OnHost> step, Target.OnHost target) {
    assertThat(check(step, target))
        .isInstanceOfSatisfying(Check.Drift.class, drift -> host.repair(drift.repair()));
  }

  private static java.util.List<String> subjects(Check check) {
    assertThat(check).isInstanceOf(Check.Drift.class);
    return ((Check.Drift) check).changes().stream().map(Change::subject).toList();
  }
}

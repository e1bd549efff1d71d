package io.provision.steps.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Frame;
import io.provision.resource.LocalHost;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.MachineIdentity;
import io.provision.step.Probes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HostFactsTest {
  private static final String DEBIAN =
      """
      machine=x86_64
      dpkg=amd64
      PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"
      ID=debian
      VERSION_ID="12"
      VERSION_CODENAME=bookworm\
      """;

  @Test
  void tellsArchitectureAndSystemOfADebianHost() {
    assertThat(check(DEBIAN))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it ->
                assertThat(it.observed().values())
                    .containsEntry(HostFacts.ARCHITECTURE, HostFacts.Architecture.AMD64)
                    .containsEntry(
                        HostFacts.SYSTEM,
                        new HostFacts.System(
                            "debian", "12", "bookworm", "Debian GNU/Linux 12 (bookworm)")));
  }

  @Test
  void refusesOtherFamiliesByName() {
    var fedora =
        DEBIAN
            .replace("Debian GNU/Linux 12 (bookworm)", "Fedora Linux 42")
            .replace("ID=debian", "ID=fedora");
    assertThat(refusal(fedora)).contains("Fedora Linux 42", "Debian or Ubuntu");
    assertThat(refusal("")).contains("unknown system");
    assertThat(check(DEBIAN.replace("ID=debian", "ID=linuxmint\nID_LIKE=\"ubuntu debian\"")))
        .isInstanceOf(Check.InSync.class);
  }

  @ParameterizedTest
  @CsvSource({
    "debian, 10, refused, nothing before Debian 11 is served, upgrade it to Debian 12 or 13",
    "debian, 9, refused, nothing before Debian 11, upgrade",
    "ubuntu, 20.04, refused, nothing before Ubuntu 22.04 is served, upgrade it to Ubuntu 22.04",
    "ubuntu, 21.10, refused, nothing before Ubuntu 22.04, upgrade",
    "debian, 11, noted, it runs Some Name, nobody tried this program",
    "debian, 14, noted, it runs Some Name, Debian 12 or 13 is where it is tested",
    "debian, 12, served, '', ''",
    "debian, 13, served, '', ''",
    "ubuntu, 22.04, served, '', ''",
    "ubuntu, 26.04, served, '', ''",
    "ubuntu, 100.04, served, '', ''",
    "debian, '', served, '', ''",
    "debian, forky/sid, served, '', ''",
    "debian, 1e9, served, '', ''",
    "debian, 99999999999, served, '', ''",
    "raspbian, 7, served, '', ''",
    "linuxmint, 21, served, '', ''"
  })
  void releasesThatAreNotServedAreRefusedAndOthersThatNobodyTriedAreNoted(
      String id, String version, String how, String one, String other) {
    var facts =
        "dpkg=amd64\nID=%s\nID_LIKE=debian\nVERSION_ID=\"%s\"\nPRETTY_NAME=\"Some Name\"\n"
            .formatted(id, version);
    switch (check(facts)) {
      case Check.Refused(var what, var remedy, _) -> {
        assertThat(how).isEqualTo("refused");
        assertThat(what).contains("it runs Some Name", one);
        assertThat(remedy).contains(other);
      }
      case Check.InSync(var observed) -> {
        assertThat(observed.notes()).hasSize(how.equals("noted") ? 1 : 0);
        assertThat(how).isNotEqualTo("refused");
        assertThat(observed.notes().toString()).contains(one, other);
        assertThat(observed.values()).containsKey(HostFacts.SYSTEM);
      }
      default -> throw new AssertionError(facts);
    }
    assertThat(refusal(facts.replace("PRETTY_NAME=\"Some Name\"", "")))
        .contains(how.equals("refused") ? "it runs " : "");
  }

  /** All that is wrong is said at once. */
  @Test
  void anOldReleaseForAnotherMachineIsRefusedForBoth() {
    assertThat(refusal("dpkg=i386\nID=debian\nVERSION_ID=10\n"))
        .contains("it runs Debian 10", "its programs are for i386");
  }

  @Test
  void refusesOtherMachines() {
    assertThat(refusal(DEBIAN.replace("dpkg=amd64", "dpkg=armhf"))).contains("armhf");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void everyShellTellsWhichSystemThisIs(String shell, @TempDir Path directory) {
    var host = new LocalHost(directory).in(shell.split(" "));
    var one = identity(host);
    assertThat(one.running()).isPresent();
    assertThat(one.isSame(identity(host))).isTrue();

    host.program("readlink", "exit 1");
    assertThat(identity(host).running()).as("without its namespace").isEmpty();
  }

  /** Looked at as a whole, on hosts that nothing is built for. */
  @ParameterizedTest(name = "{0}, {3}")
  @CsvSource({
    "alpine, '', Alpine Linux v3.22, run/openrc, OpenRC",
    "arch, '', Arch Linux, run/systemd/system, ''",
    "void, '', Void, run/runit, runit",
    "devuan, debian, '', run/openrc, OpenRC",
    "debian, '', '', run/s6-rc, s6"
  })
  void aHostThatNothingIsBuiltForIsRefusedByItsName(
      String id, String like, String name, String running, String services, @TempDir Path directory)
      throws IOException {
    var root = directory.resolve("root");
    Files.createDirectories(root.resolve(running));
    Files.createDirectories(root.resolve("etc"));
    Files.writeString(
        root.resolve("etc/os-release"),
        "ID=%s\nID_LIKE=%s\nPRETTY_NAME=\"%s\"\n".formatted(id, like, name));
    var host = new LocalHost(directory).below(root).program("dpkg", "exit 127");
    var step = new HostFacts();
    var target = OnHosts.any();
    assertThat(step.check(target, host.look(step.probes(target)), Known.NOTHING))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> {
              assertThat(it.what()).contains(name, services);
              assertThat(it.remedy()).contains(name.isEmpty() ? "systemd" : "Debian or Ubuntu");
            });
  }

  private static MachineIdentity identity(LocalHost host) {
    return host.look(Probes.of(HostFacts.WHO)).of(HostFacts.WHO);
  }

  private static Check check(String output) {
    return HostFacts.check(HostFacts.Facts.read(new Frame(0, output)));
  }

  private static String refusal(String output) {
    return check(output) instanceof Check.Refused(var what, var remedy, _) ? what + remedy : "";
  }
}

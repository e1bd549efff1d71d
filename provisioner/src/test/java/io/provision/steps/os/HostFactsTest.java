package io.provision.steps.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Frame;
import io.provision.step.Check;
import org.junit.jupiter.api.Test;

final class HostFactsTest {
  private static final String DEBIAN =
      """
      machine=x86_64
      dpkg=amd64
      init=systemd
      systemd=yes
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

  @Test
  void refusesOtherFirstProcessesAndOtherMachines() {
    assertThat(refusal(DEBIAN.replace("systemd=yes\n", "").replace("init=systemd", "init=runit")))
        .contains("'runit'");
    assertThat(refusal(DEBIAN.replace("dpkg=amd64", "dpkg=armhf"))).contains("armhf");
  }

  private static Check check(String output) {
    return HostFacts.check(HostFacts.Facts.read(new Frame(0, output)));
  }

  private static String refusal(String output) {
    return check(output) instanceof Check.Refused(var what, var remedy) ? what + remedy : "";
  }
}

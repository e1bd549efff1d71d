package io.provision.resource.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Script;
import io.provision.resource.LocalHost;
import io.provision.step.Observations;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With what apt 2.6 was seen to print. */
final class AptUpgradesTest {
  private static final String SIMULATED =
      """
      NOTE: This is only a simulation!
      Reading package lists...
      Calculating upgrade...
      The following NEW packages will be installed:
        linux-image-6.1.0-41-cloud-amd64
      The following packages will be upgraded:
        linux-image-cloud-amd64 openssl
      2 upgraded, 1 newly installed, 0 to remove and 3 not upgraded.
      Inst linux-image-6.1.0-41-cloud-amd64 (6.1.158-1 Debian-Security:12/oldstable-security [amd64])
      Inst linux-image-cloud-amd64 [6.1.153-1] (6.1.158-1 Debian-Security:12/oldstable-security [amd64]) []
      Inst openssl [3.0.16-1~deb12u1] (3.0.17-1~deb12u3 Debian:12.12/oldstable [amd64])
      Conf openssl (3.0.17-1~deb12u3 Debian:12.12/oldstable [amd64])
      """;

  @TempDir Path directory;

  private LocalHost host(String shell, String apt) throws IOException {
    Files.writeString(directory.resolve("simulated"), SIMULATED);
    return new LocalHost(directory)
        .in(shell.split(" "))
        .withoutSleep()
        .program("dpkg", "exit 0")
        .program("apt-get", "echo \"$@\" >>" + directory.resolve("asked") + "\n" + apt);
  }

  private Optional<List<String>> pending(LocalHost host) {
    var apt = new Observations.Builder().put(PackageManagers.QUESTION, "apt-get").build();
    return Upgrades.pending(host.look(Upgrades.probes()).updated(apt));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void aSimulationSaysWhatIsToBeUpgradedAndWritesNoCache(String shell) throws IOException {
    assertThat(pending(host(shell, "cat " + directory.resolve("simulated"))))
        .contains(
            List.of(
                "linux-image-6.1.0-41-cloud-amd64 6.1.158-1 (new)",
                "linux-image-cloud-amd64 6.1.153-1 to 6.1.158-1",
                "openssl 3.0.16-1~deb12u1 to 3.0.17-1~deb12u3"));
    assertThat(Files.readString(directory.resolve("asked")).split(" "))
        .contains("-s", "Dir::Cache::pkgcache=", "Dir::Cache::srcpkgcache=", "--no-remove");
    var none = "echo '0 upgraded, 0 newly installed, 0 to remove and 3 not upgraded.'";
    assertThat(pending(host(shell, none))).contains(List.of());
  }

  /** A system that cannot say it is not one that has nothing to upgrade. */
  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void anythingElseIsNoAnswer(String shell) throws IOException {
    for (var apt :
        List.of(
            "exit 0",
            "exit 100",
            "yes | head -c 3000000",
            "head -c 3000000 /dev/zero",
            "printf 'Inst \\377\\n'",
            "echo 'E: Unmet dependencies.' >&2; exit 100")) {
      assertThat(pending(host(shell, apt))).as(apt).isEmpty();
    }
    var dnf = new Observations.Builder().put(PackageManagers.QUESTION, "dnf").build();
    var seen = host(shell, "exit 0").look(Upgrades.probes()).updated(dnf);
    assertThat(Upgrades.pending(seen)).isEmpty();
    assertThat(Upgrades.call(seen)).isEmpty();
  }

  private static Script upgrade() {
    return new Script(AptUpgrades.UPGRADING.upgrade(), List.of(), Script.USUAL_DEADLINE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void itTakesNewPackagesAlongAndNoneAwayAndAsksNothing(String shell) throws IOException {
    var host =
        host(shell, "echo \"$DEBIAN_FRONTEND\" >>" + directory.resolve("asked")).below(directory);
    assertThat(host.attempt(upgrade()).ok()).as(host.said()).isTrue();
    assertThat(Files.readString(directory.resolve("asked")))
        .contains("upgrade --with-new-pkgs --no-remove\nnoninteractive\n", "--force-confold");
    assertThat(host.said()).contains("say upgrading packages");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void whatFailsSaysWhatAptSaidAndWhatToDoWhereListsAreOld(String shell) throws IOException {
    var old = "echo 'E: Failed to fetch x  404  Not Found'; exit 100";
    var failed = host(shell, old).below(directory).attempt(upgrade());
    assertThat(failed.status()).isEqualTo(100);
    assertThat(failed.output())
        .contains("404", "hint: its package lists are old", "its packages could not be upgraded");
    var broken = host(shell, "echo 'E: disk full'; exit 100").below(directory).attempt(upgrade());
    assertThat(broken.output()).contains("E: disk full").doesNotContain("hint: its package lists");
  }

  /** apt's simulation may say nothing of it, or nothing at all. */
  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void whatWasLeftHalfDoneIsToBeDoneWhateverAptSays(String shell) throws IOException {
    var left =
        new Observations.Builder()
            .put(PackageManagers.QUESTION, "apt-get")
            .put(DpkgState.question(), new DpkgState(true, List.of("quiet")))
            .build();
    for (var apt :
        List.of(
            "echo '0 upgraded, 0 newly installed, 0 to remove and 0 not upgraded.'", "exit 100")) {
      var seen = host(shell, apt).look(Upgrades.probes()).updated(left);
      assertThat(Upgrades.pending(seen))
          .as(apt)
          .contains(List.of("dpkg: interrupted, unfinished: quiet"));
    }
    var simulated = host(shell, "cat " + directory.resolve("simulated"));
    assertThat(Upgrades.pending(simulated.look(Upgrades.probes()).updated(left)).orElseThrow())
        .hasSize(4)
        .startsWith("dpkg: interrupted, unfinished: quiet");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void whatDoesNotFinishMayByItsNewerVersion(String shell) throws IOException {
    var unfinished = "echo it has no licence; exit 1";
    var host =
        host(shell, "case \"$*\" in *upgrade*) exit 0 ;; esac; exit 100")
            .program("dpkg", unfinished)
            .below(directory);
    assertThat(host.attempt(upgrade()).ok()).as(host.said()).isTrue();
    assertThat(host.said()).contains("a newer version may");
    var failed =
        host(shell, "exit 100").program("dpkg", unfinished).below(directory).attempt(upgrade());
    assertThat(failed.ok()).isFalse();
    assertThat(failed.output()).contains("it has no licence", "could not be upgraded");
  }
}

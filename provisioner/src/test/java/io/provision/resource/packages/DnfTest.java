package io.provision.resource.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Script;
import io.provision.resource.LocalHost;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Repair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** With what dnf 4.14 and rpm 4.18 were seen to answer. */
class DnfTest {
  private static final String RPM =
      """
      [ "$1 $2" = '-q --whatprovides' ] || exit 2
      while [ $# -gt 1 ]; do shift; done
      case $1 in
        greeter) printf 'hello 1:1.0-2\\nhello 1:1.0-2\\n' ;;
        glusterfs-fuse | chrony) echo "$1 0:11.1-1.fc42" ;;
        *) echo "no package provides $1"; exit 1 ;;
      esac\
      """;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void looksForWhatIsThereOrProvidedAndInstallsTheRestInOneGo(String shell) throws IOException {
    var host = host(shell).program("dnf", "echo \"$@\" >>" + directory.resolve("ran"));
    assertThat(check(host, Packages.of("greeter", "glusterfs-client", "chrony=11.1")))
        .as("of any name that provides it, and under dnf's own names")
        .isInstanceOf(Check.InSync.class);
    for (var met : List.of("1.0", "1.0-2", "1:1.0", "1:1.0-2")) {
      assertThat(check(host, Packages.of("greeter=" + met))).isInstanceOf(Check.InSync.class);
    }
    var drift = (Check.Drift) check(host, Packages.of("greeter=1.1", "nfs-common"));
    assertThat(drift.changes())
        .containsExactly(
            Change.of(Change.Action.UPGRADE, "package greeter", "1:1.0-2", "1.1"),
            Change.of(Change.Action.INSTALL, "package nfs-common", "", "installed"));
    assertThat(host.attempt(install("greeter=1.1", "nfs-common")).ok()).isTrue();
    assertThat(script(drift).call().arguments())
        .containsExactly("/run/provision", "greeter-1.1", "nfs-utils");
    assertThat(Files.readString(directory.resolve("ran")))
        .isEqualTo("-y --setopt=install_weak_deps=False install greeter-1.1 nfs-utils\n");
    assertThat(((Repair.OnHost) drift.repair()).bringsFiles()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void aFailureHasTheExitCodeAndTheLastWordsOfDnfAndAWaitIsSaid(String shell) {
    var host =
        host(shell)
            .program(
                "dnf",
                """
                echo 'Waiting for process with pid 7 to finish.'
                echo 'Error: Unable to find a match: none' >&2
                exit 1\
                """);
    var ended = host.attempt(install("none"));
    assertThat(ended.status()).isEqualTo(1);
    assertThat(ended.output())
        .contains(
            "say waiting for another dnf",
            "Error: Unable to find a match: none",
            "ran 1 dnf install none")
        .doesNotContain("exited");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void anyAnswerIsReadAndNothingIsTakenForAPackage(String shell) {
    for (var rpm :
        List.of("exit 127", "head -c 3000000 /dev/zero", "yes", "echo 'a b:c'", "printf '\\377'")) {
      var check = check(host(shell).program("rpm", rpm), Packages.of("one", "two"));
      assertThat(((Check.Drift) check).changes()).as(rpm).hasSize(2);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"xz:amd64", "chrony:i386"})
  void aNameThatOnlyDebianHasIsRefused(String name) {
    assertThat(check(host("dash"), Packages.of(name)))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains(name, "RPM"));
  }

  private Script install(String... packages) {
    var wanted = Packages.of(packages).wanted();
    return new Script(
        new Dnf().install(directory.toString(), wanted), List.of(), Script.USUAL_DEADLINE);
  }

  private static Script script(Check.Drift drift) {
    return ((Repair.OnHost) drift.repair()).scripts().getFirst();
  }

  /** As on a host whose package manager is dnf, whatever this machine has. */
  private Check check(LocalHost host, Packages packages) {
    var dnf = new Observations.Builder().put(PackageManagers.QUESTION, "dnf").build();
    return packages.check(host.look(packages.probes()).updated(dnf));
  }

  private LocalHost host(String shell) {
    return new LocalHost(directory).in(shell.split(" ")).program("rpm", RPM);
  }
}

package io.provision.resource.packages;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Frame;
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
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** With what zypper 1.14.89 and rpm 4.20 were seen to answer. */
class ZypperTest {
  private static final String RPM =
      """
      [ "$1 $2" = '-q --whatprovides' ] || exit 2
      while [ $# -gt 1 ]; do shift; done
      case $1 in
        greeter) echo 'hello 1:1.0-2' ;;
        glusterfs | chrony) echo "$1 0:11.1-1.1" ;;
        *) echo "no package provides $1"; exit 1 ;;
      esac\
      """;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void looksForWhatIsThereAndInstallsTheRestInOneGo(String shell) throws IOException {
    var ran = directory.resolve("ran");
    var host = host(shell).program("zypper", "echo \"$ZYPP_LOCK_TIMEOUT $@\" >>" + ran);
    assertThat(check(host, Packages.of("greeter", "glusterfs-client", "chrony=11.1")))
        .as("of any name that provides it, and under SUSE's own names")
        .isInstanceOf(Check.InSync.class);
    var drift = (Check.Drift) check(host, Packages.of("greeter=1:1.1", "nfs-common"));
    assertThat(drift.changes())
        .containsExactly(
            Change.of(Change.Action.UPGRADE, "package greeter", "1:1.0-2", "1:1.1"),
            Change.of(Change.Action.INSTALL, "package nfs-common", "", "installed"));
    assertThat(script(drift).call().arguments())
        .containsExactly("/run/provision", "greeter=1:1.1", "nfs-client");
    assertThat(host.attempt(install("greeter=1:1.1", "nfs-common")).ok()).isTrue();
    assertThat(Files.readString(ran))
        .as("it waits for another one, and may go back to an older version")
        .isEqualTo(
            "1500 --non-interactive install --no-recommends --oldpackage -- greeter=1:1.1 nfs-client\n");
  }

  @ParameterizedTest
  @CsvSource({"0, true", "102, true", "103, true", "4, false", "7, false", "104, false"})
  void aCodeThatAsksForARestartIsNoFailure(int code, boolean isFine) {
    var host = host("dash").program("zypper", "exit " + code);
    var ended = host.attempt(install("chrony"));
    assertThat(ended.ok()).isEqualTo(isFine);
    assertThat(ended.status()).isEqualTo(isFine ? 0 : code);
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void aConflictFailsWithTheLastWordsOfZypper(String shell) {
    var host =
        host(shell)
            .program(
                "zypper",
                """
                echo 'Problem: 1: the to be installed hello2-1:1.0-1.noarch conflicts with hello'
                echo 'Choose from above solutions by number or cancel [1/2/c/d/?] (c): c'
                exit 4\
                """);
    var ended = host.attempt(install("hello2"));
    assertThat(ended.output())
        .contains("conflicts with hello", "(c): c", "ran 4 zypper install hello2");
  }

  /** As {@code zypper addlock 'greet*'} writes it, and the look hands it on. */
  @ParameterizedTest
  @CsvSource({"greet*, true", "greeter, true", "gree?er, true", "greet, false", "gr.*, false"})
  void whatIsLockedIsRefusedWithItsRemedy(String pattern, boolean isHeld) {
    var question = new Zypper().question(Wanted.parse("greeter"));
    var frame = new Frame(0, "greeter hello 1:1.0-2\nkept %s\n".formatted(pattern));
    var state = question.kind().read(List.of(question), frame).getFirst();
    assertThat(state).isEqualTo(new PackageState("1:1.0-2", isHeld, false));
    var seen =
        new Observations.Builder()
            .put(PackageManagers.QUESTION, "zypper")
            .put(question, state)
            .build();
    var check = Packages.of("greeter=1:1.1").check(seen);
    if (isHeld) {
      assertThat(check)
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it -> {
                assertThat(it.what()).contains("greeter=1:1.1 (held at 1:1.0-2)");
                assertThat(it.remedy()).contains("zypper removelock");
              });
    } else {
      assertThat(check).isInstanceOf(Check.Drift.class);
    }
  }

  @Test
  void aNameThatOnlyDebianHasIsRefused() {
    assertThat(check(host("dash"), Packages.of("xz:amd64")))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("xz:amd64", "RPM"));
  }

  private Script install(String... packages) {
    var wanted = Packages.of(packages).wanted();
    return new Script(
        new Zypper().install(directory.toString(), wanted), List.of(), Script.USUAL_DEADLINE);
  }

  private static Script script(Check.Drift drift) {
    return ((Repair.OnHost) drift.repair()).scripts().getFirst();
  }

  /** As on a host whose package manager is zypper, whatever this machine has. */
  private Check check(LocalHost host, Packages packages) {
    var zypper = new Observations.Builder().put(PackageManagers.QUESTION, "zypper").build();
    return packages.check(host.look(packages.probes()).updated(zypper));
  }

  private LocalHost host(String shell) {
    return new LocalHost(directory).in(shell.split(" ")).program("rpm", RPM);
  }
}

package io.provision.resource.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import io.provision.resource.LocalHost;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackagesTest {
  private static final String ANSWER =
      """
      socat amd64 install installed 1.7.4.4-2
      conntrack amd64 hold installed 1:1.4.7
      ipset amd64 install half-configured 7.17
      libc6 i386 install installed 2.36
      libc6 amd64 install installed 2.36
      ethtool amd64 deinstall config-files 1:6.1\
      """;

  @Test
  void isInSyncWithWhatIsInstalledWhole() {
    assertThat(check(Packages.of("socat", "conntrack", "socat=1.7.4.4-2", "libc6:i386")))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void installsAllThatIsMissingInOneGoAndSaysThatFilesComeAlong() {
    var drift = (Check.Drift) check(Packages.of("socat", "ipset", "ethtool", "none", "socat=2"));
    assertThat(drift.changes())
        .containsExactly(
            Change.of(Change.Action.INSTALL, "package ipset", "half installed", "installed"),
            Change.of(Change.Action.INSTALL, "package ethtool", "", "installed"),
            Change.of(Change.Action.INSTALL, "package none", "", "installed"),
            Change.of(Change.Action.UPGRADE, "package socat", "1.7.4.4-2", "2"));
    var repair = (Repair.OnHost) drift.repair();
    assertThat(repair.bringsFiles()).isTrue();
    assertThat(repair.scripts())
        .singleElement()
        .satisfies(it ->
            assertThat(it.call().arguments())
                .containsExactly("", "ipset", "ethtool", "none", "socat=2"));
  }

  @Test
  void whatIsReplacedIsALineOfThePlanWhereItIsThereAndNothingElseMayGo() {
    var drift = (Check.Drift) check(Packages.of("none").inPlaceOf("socat"));
    assertThat(drift.changes())
        .containsExactly(
            Change.of(Change.Action.INSTALL, "package none", "", "installed"),
            Change.of(Change.Action.REMOVE, "package socat", "1.7.4.4-2", ""));
    assertThat(((Repair.OnHost) drift.repair()).scripts().getFirst().call().arguments())
        .containsExactly("socat", "none");
    assertThat(((Check.Drift) check(Packages.of("none").inPlaceOf("ethtool"))).changes())
        .as("of the one that goes only its configuration is left")
        .hasSize(1);
    assertThat(check(Packages.of("conntrack").inPlaceOf("socat"))).isInstanceOf(Check.InSync.class);
  }

  @Test
  void anInterruptedDpkgIsALineOfThePlanWhereSomethingIsToBeInstalled() {
    var interrupted = "interrupted\n=libfoo2\n=foo\n";
    assertThat(((Check.Drift) check(Packages.of("ethtool"), interrupted)).changes())
        .containsExactly(
            Change.of(
                Change.Action.UPDATE,
                "dpkg",
                "interrupted, unfinished: foo, libfoo2",
                "configured"),
            Change.of(Change.Action.INSTALL, "package ethtool", "", "installed"));
    var inSync = check(Packages.of("socat"), interrupted);
    assertThat(inSync).isInstanceOf(Check.InSync.class);
    assertThat(inSync.notes()).singleElement().asString().contains("foo", "dpkg --configure -a");
    assertThat(check(Packages.of("socat"), "interrupted").notes()).hasSize(1);
  }

  @Test
  void whatAnInterruptedDpkgHasLeftIsReadFromItsDatabaseAndItsJournal(@TempDir Path directory)
      throws IOException {
    var host = new LocalHost(directory);
    var status = directory.resolve("status");
    var whole = "Package: a\nStatus: install ok installed\n\n";
    Files.createDirectory(directory.resolve("updates"));
    Files.writeString(status, whole + "Package: old\nStatus: deinstall ok config-files\n");
    assertThat(dpkg(host, directory)).isEqualTo(DpkgState.WHOLE);

    for (var state : List.of("unpacked", "half-configured", "half-installed", "triggers-pending")) {
      Files.writeString(status, whole + "Package: b\nStatus: install ok " + state + "\n");
      assertThat(dpkg(host, directory)).isEqualTo(new DpkgState(true, List.of("b")));
    }
    Files.writeString(status, whole);
    Files.writeString(
        directory.resolve("updates/0001"), "Package: c\nStatus: install ok unpacked\n");
    assertThat(dpkg(host, directory)).isEqualTo(new DpkgState(true, List.of("c")));
    Files.writeString(directory.resolve("updates/0001"), whole);
    assertThat(dpkg(host, directory)).isEqualTo(new DpkgState(true, List.of()));
    assertThat(dpkg(host, directory.resolve("absent"))).isEqualTo(DpkgState.WHOLE);

    // one that is at work is not interrupted
    Files.writeString(Files.createDirectory(directory.resolve("7")).resolve("comm"), "dpkg\n");
    assertThat(dpkg(host, directory)).isEqualTo(DpkgState.WHOLE);
  }

  private static DpkgState dpkg(LocalHost host, Path directory) {
    return DpkgState.read(
        host.run(Call.of(DpkgState.LOOK, directory.toString(), directory.toString())));
  }

  @Test
  void refusesToMoveAPackageThatIsHeld() {
    assertThat(check(Packages.of("conntrack=1:1.4.8")))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("conntrack", "1:1.4.7"));
  }

  @Test
  void aHostWithoutDpkgHasNothing(@TempDir Path directory) {
    var host = new LocalHost(directory).program("dpkg-query", "exit 127");
    var socat = new Apt().question(Wanted.parse("socat"));
    assertThat(host.look(Probes.of(socat)).of(socat)).isEqualTo(PackageState.ABSENT);
  }

  @Test
  void aHostHasTheFirstManagerThatIsThere(@TempDir Path directory) throws IOException {
    for (var shell : List.of("dash", "bash", "busybox sh")) {
      var manager = PackageManagers.QUESTION;
      assertThat(manager.kind().read(List.of(manager), onlyWith(directory, shell)))
          .containsExactly("");
      assertThat(manager.kind().read(List.of(manager), onlyWith(directory, shell, "apk", "dnf")))
          .containsExactly("dnf");
      assertThat(
              manager.kind().read(List.of(manager), onlyWith(directory, shell, "dnf", "apt-get")))
          .containsExactly("apt-get");
      for (var alone : List.of("apk", "pacman", "xbps-install", "emerge")) {
        assertThat(manager.kind().read(List.of(manager), onlyWith(directory, shell, alone)))
            .containsExactly(alone);
      }
    }
  }

  @Test
  void aManagerThatNothingIsBuiltForIsRefusedByName() {
    for (var manager : List.of("apk", "pacman")) {
      assertThat(check(Packages.of("socat"), "", manager))
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it -> {
                assertThat(it.what()).contains(manager);
                assertThat(it.remedy()).contains("apt-get or dnf or zypper");
              });
    }
    assertThat(check(Packages.of("socat"), "", "")).isInstanceOf(Check.Refused.class);
  }

  @Test
  void refusesNamesThatAreNoPackages() {
    for (var name : List.of("-y", "a b", "$(x)", "a\nb", "ü", "socat=;id", "")) {
      assertThatThrownBy(() -> Packages.of(name))
          .as(name)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static Check check(Packages packages) {
    return check(packages, "");
  }

  @Test
  void aNameThatDebianDoesNotHaveIsRefusedThere() {
    assertThat(check(Packages.of("perl-HTTP_Date", "Socat")))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("'perl-HTTP_Date'", "'Socat'", "Debian"));
  }

  /** What a look for the manager says where nothing else is installed. */
  private static Frame onlyWith(Path directory, String shell, String... programs)
      throws IOException {
    var path = Files.createTempDirectory(directory, "path");
    for (var program : programs) {
      assertThat(Files.createFile(path.resolve(program)).toFile().setExecutable(true)).isTrue();
    }
    var manager = PackageManagers.QUESTION;
    var alone =
        new ShellFunction(
            "alone",
            "PATH=%s; look_package_manager \"$@\"".formatted(path),
            List.of(manager.kind().function()));
    return new LocalHost(directory).in(shell.split(" ")).run(new Call(alone, manager.arguments()));
  }

  private static Check check(Packages packages, String dpkg) {
    return check(packages, dpkg, "apt-get");
  }

  private static Check check(Packages packages, String dpkg, String manager) {
    var builder = new Observations.Builder();
    packages.probes().questions().forEach(question -> record(builder, question));
    builder.put(DpkgState.question(), DpkgState.read(new Frame(0, dpkg)));
    builder.put(PackageManagers.QUESTION, manager);
    return packages.check(builder.build());
  }

  private static <A> void record(Observations.Builder into, Question<A> question) {
    into.put(question, question.kind().read(List.of(question), new Frame(0, ANSWER)).getFirst());
  }
}

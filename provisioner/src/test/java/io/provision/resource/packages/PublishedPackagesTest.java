package io.provision.resource.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.model.Content;
import io.provision.remote.Frame;
import io.provision.remote.Script;
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
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real functions on a host whose apt has one repository and a list of packages. */
final class PublishedPackagesTest {
  private static final String URI = "http://packages.example/v1.36/deb/";
  private static final String KEY = "F9A135B320B021454D3ED765C1E34EBABBC26380";
  private static final String OTHER = "453A4EEDCB022E9D922F5AAA6A66E38F2D4D112C";
  private static final String LIST = "etc/apt/sources.list.d/provision-demo.sources";

  @TempDir Path root;
  private LocalHost host;

  @BeforeEach
  void aHostWithApt() throws IOException {
    host = new LocalHost(root).below(root);
    // NAME WANT VERSION of each that is installed
    host.program(
        "dpkg-query",
        """
        case $* in
          *Architecture*) while read -r name want version; do echo "$name all $want installed $version"; done <%1$s/dpkg ;;
          *Status-Status*) for name do :; done; grep -q "^$name " %1$s/dpkg && printf installed ;;
          *Version*) for name do :; done; sed -n "s/^$name [a-z]* //p" %1$s/dpkg ;;
        esac
        """
            .formatted(root));
    host.program("dpkg", "exit 0");
    host.program(
        "apt-cache",
        "echo \" $3 | 1.36.2-1.1 | %s  Packages\"; echo \" $3 | 1.36.1-1.1 | %1$s  Packages\""
            .formatted(URI));
    host.program(
        "apt-get",
        """
        [ ! -e %1$s/silent ] || { echo "W: Failed to fetch"; exit 0; }
        echo "$*" >>%1$s/log
        case $* in *install*) ;; *) exit 0 ;; esac
        for word do
          case $word in *=*-1.1) name=${word%%%%=*}; grep -v "^$name " %1$s/dpkg >%1$s/new; echo "$name install ${word#*=}" >>%1$s/new; mv %1$s/new %1$s/dpkg ;; esac
        done
        """
            .formatted(root));
    host.program(
        "apt-mark",
        "for name do sed -i \"s/^$name [a-z]* /$name $2 /; s/ unhold / install /\" %s/dpkg; done"
            .formatted(root));
    Files.writeString(root.resolve("dpkg"), "other install 1\n");
    var key = Files.readString(Path.of("src/test/resources/shell/packages.txt"));
    var armored = key.lines().filter(it -> it.startsWith("payload -----BEGIN")).findFirst();
    Files.writeString(root.resolve("key"), armored.orElseThrow().substring(8).replace("\\n", "\n"));
  }

  private PublishedPackages packages(String fingerprint) {
    try {
      return new PublishedPackages(
          new PackageRepository(
              "demo",
              URI,
              fingerprint,
              Optional.of(new Content.Plain(Files.readAllBytes(root.resolve("key"))))),
          List.of(Wanted.parse("kubelet=1.36.2"), Wanted.parse("plugins")));
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private Check check() {
    return check(KEY);
  }

  private Check check(String fingerprint) {
    var packages = packages(fingerprint);
    return packages.check(seen(packages));
  }

  private Observations seen(PublishedPackages packages) {
    var seen = new Observations.Builder();
    packages.probes().questions().forEach(question -> ask(seen, question));
    return seen.build();
  }

  /** Files are asked for by where they are, for the answer names them. */
  private <A> void ask(Observations.Builder into, Question<A> question) {
    var words = question.arguments();
    if (question.kind().function().name().equals("look_files")) {
      var there = Question.of(question.kind(), root + words.getFirst(), words.getLast());
      into.put(question, new LocalHost(root).look(Probes.of(there)).of(there));
    } else {
      into.put(question, host.look(Probes.of(question)).of(question));
    }
  }

  private static List<String> scripts(Check check) {
    return ((Repair.OnHost) ((Check.Drift) check).repair())
        .scripts().stream().map(Script::call).map(it -> it.function().name()).toList();
  }

  private static List<String> changes(Check check) {
    return ((Check.Drift) check)
        .changes().stream().map(it -> it.action() + " " + it.subject()).toList();
  }

  private void converged() {
    host.repair(((Check.Drift) check()).repair());
    assertThat(check()).isInstanceOf(Check.InSync.class);
  }

  @Test
  void areBroughtHeldAndThenNeedNoRepository() throws IOException {
    assertThat(changes(check()))
        .containsExactly(
            "CREATE /etc/apt/sources.list.d/provision-demo.sources",
            "CREATE /etc/apt/keyrings/provision-demo.gpg",
            "INSTALL package kubelet",
            "INSTALL package plugins");
    assertThat(scripts(check()))
        .containsExactly("take_repository_key", "use_repository", "add_published");
    converged();
    assertThat(Files.readString(root.resolve("dpkg")))
        .contains("kubelet hold 1.36.2-1.1", "plugins hold 1.36.2-1.1", "other install 1");
    assertThat(Files.readString(root.resolve(LIST))).contains("URIs: " + URI, "Signed-By: /etc");
    Files.createFile(root.resolve("silent"));
    assertThat(check()).isInstanceOf(Check.InSync.class);
  }

  @Test
  void whatIsNotHeldIsHeldAndNothingElseIsDone() throws IOException {
    converged();
    edit("kubelet hold", "kubelet install");
    assertThat(changes(check())).containsExactly("UPDATE package kubelet");
    assertThat(scripts(check())).containsExactly("hold_published");
    converged();
  }

  @Test
  void whatSomebodyHoldsAtAnotherVersionIsRefusedAndWhatWeHoldIsNot() throws IOException {
    Files.writeString(root.resolve("dpkg"), "kubelet hold 1.35.0-1.1\n");
    assertThat(check())
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> {
              assertThat(it.what()).contains("not by us: kubelet 1.35.0-1.1");
              assertThat(it.remedy()).contains("apt-mark unhold");
            });
    var record = root.resolve("var/lib/provision/packages/demo");
    Files.createDirectories(record.getParent());
    Files.writeString(record, "kubelet 1.35.0-1.1 ours\n");
    assertThat(changes(check())).contains("UPGRADE package kubelet");
    converged();
  }

  @Test
  void aVersionThatOnlyBeginsAlikeIsAnother() throws IOException {
    converged();
    edit("1.36.2-1.1", "1.36.20-1.1");
    assertThat(check()).isInstanceOf(Check.Refused.class);
    edit("kubelet hold", "kubelet install");
    assertThat(changes(check())).contains("UPGRADE package kubelet");
  }

  @Test
  void whatOthersNeedComesAlongUnlessSomebodyHoldsIt() throws IOException {
    converged();
    edit("kubelet hold 1.36.2-1.1", "kubelet install 1.35.6-1.1");
    edit("plugins hold 1.36.2-1.1", "plugins hold 1.36.1-1.1");
    assertThat(check())
        .as("held by somebody")
        .satisfies(it -> assertThat(changes(it)).containsExactly("UPGRADE package kubelet"));
    edit("plugins hold 1.36.1-1.1", "plugins hold 1.36.2-1.1");
    assertThat(changes(check()))
        .containsExactly("UPGRADE package kubelet", "UPGRADE package plugins");
    converged();
  }

  @Test
  void anotherPinIsADriftThatTheKeyHasToFit() throws IOException {
    converged();
    var check = (Check.Drift) check(OTHER);
    assertThat(check.changes())
        .containsExactly(
            Change.of(Change.Action.UPDATE, "/etc/apt/keyrings/provision-demo.gpg", KEY, OTHER));
    assertThatThrownBy(() -> host.repair(check.repair()))
        .hasMessageContaining("is the key " + KEY + ", and the inventory pins " + OTHER);
    assertThat(check()).as("what was there stays").isInstanceOf(Check.InSync.class);
  }

  @Test
  void aListThatIsGoneComesBackAloneAndOneThatFailsIsNotLeftThere() throws IOException {
    converged();
    Files.delete(root.resolve(LIST));
    assertThat(scripts(check())).containsExactly("take_repository_key", "use_repository");
    Files.createFile(root.resolve("silent"));
    assertThatThrownBy(() -> host.repair(((Check.Drift) check()).repair()))
        .hasMessageContaining("the lists of the repository could not be fetched");
    assertThat(root.resolve(LIST)).doesNotExist();
    Files.delete(root.resolve("silent"));
    converged();
  }

  @Test
  void theyGoWithTheirRepositoryAndTheRest() throws IOException {
    converged();
    host.repair(new Repair.OnHost(PublishedPackages.removed("demo")));
    assertThat(Files.readString(root.resolve("log"))).contains("purge -- kubelet plugins");
    assertThat(root.resolve(LIST)).doesNotExist();
    assertThat(root.resolve("etc/apt/keyrings/provision-demo.gpg")).doesNotExist();
    assertThat(Files.readString(root.resolve("dpkg"))).doesNotContain(" hold ");
  }

  @Test
  void aRepositoryByHttpsNeedsTheCertificatesOfAuthorities() {
    var encrypted =
        new PublishedPackages(
            new PackageRepository("demo", "https://packages.example/", KEY, Optional.empty()),
            List.of(Wanted.parse("kubelet=1.36.2")));
    assertThat(scripts(encrypted.check(seen(encrypted))))
        .startsWith("install_packages", "take_repository_key");
  }

  @Test
  void aHostWithAnotherPackageManagerIsRefusedByItsName() {
    var packages = packages(KEY);
    for (var manager : List.of("dnf", "zypper", "apk", "")) {
      var seen = new Observations.Builder();
      packages.probes().questions().forEach(question -> unanswered(seen, question));
      seen.put(PackageManagers.QUESTION, manager);
      assertThat(packages.check(seen.build()))
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it ->
                  assertThat(it.what())
                      .contains("by apt-get only", manager.isEmpty() ? "none" : manager));
    }
  }

  private static <A> void unanswered(Observations.Builder into, Question<A> question) {
    into.put(question, question.kind().read(List.of(question), new Frame(0, "")).getFirst());
  }

  @Test
  void aRepositoryThatIsNoneDoesNotExist() {
    for (var uri :
        List.of("ftp://x/", "https://a b/", "https://a\n/", "https://a", "http://u@x/")) {
      assertThatThrownBy(() -> new PackageRepository("demo", uri, KEY, Optional.empty()))
          .as(uri)
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  private void edit(String from, String to) throws IOException {
    var dpkg = root.resolve("dpkg");
    Files.writeString(dpkg, Files.readString(dpkg).replace(from, to));
  }
}

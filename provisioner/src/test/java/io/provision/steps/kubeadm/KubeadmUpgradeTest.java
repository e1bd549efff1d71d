package io.provision.steps.kubeadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.kube.ClusterAction;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Sha256;
import io.provision.model.Version;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.remote.Handoff;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.FileTransfer;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.upgrade.UpgradeTurn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A node of kubeadm goes from one version to the next: static pods, drain, kubelet, in use. */
class KubeadmUpgradeTest {
  private static final String OLD_SERVER =
      KubeadmCases.LIVES.replace("v1.36.2", "v1.35.6") + "apiserver=v1.35.6\n";
  private static final String NEW_SERVER = KubeadmCases.LIVES + "apiserver=v1.36.2\n";
  private static final String OLD_WORKER = KubeadmCases.JOINED.replace("v1.36.2", "v1.35.6");

  static final FileState THERE =
      new FileState(
          FileState.Type.FILE,
          false,
          FileMode.PRIVATE,
          new FileState.Owner("root", "root", "0", "0"),
          0,
          Optional.empty(),
          Optional.empty());

  private static final ClusterAccess ACCESS =
      new ClusterAccess(
          List.of("https://home:6443"),
          new Handoff.Kept(new HostName("cp1"), Call.of(FileTransfer.READ, "/k")),
          Optional.empty());

  private final Inventory inventory = KubeadmCases.inventory("");

  private Cases.Settled known() {
    var digests = new HashMap<String, Sha256>();
    for (var program : KubeadmArtifacts.PROGRAMS) {
      var id = new ArtifactId("kubernetes", "v1.36.2", "amd64", program);
      digests.put(id.toString(), new Sha256("b".repeat(64)));
    }
    var known = new Cases.Settled().atDesk(Kubeadm.PINNED, new PinnedFiles(Map.copyOf(digests)));
    for (var server : Nodes.servers(inventory)) {
      known = known.address(server).has(server, Nodes.STATE, state("v1.35.6", true));
    }
    return known;
  }

  private static NodeState state(String version, boolean answers) {
    return new NodeState("amd64", Optional.of(Version.parse(version)), true, answers, true);
  }

  /** What apt and dpkg say of packages of 1.35.6 that are held by us; all is at another address. */
  private static final Map<String, String> PACKAGES_BEFORE =
      Map.of(
          "look_packages",
          """
          kubeadm amd64 hold installed 1.35.6-1.1
          kubelet amd64 hold installed 1.35.6-1.1
          kubectl amd64 hold installed 1.35.6-1.1
          cri-tools amd64 hold installed 1.35.0-1.1
          kubernetes-cni amd64 hold installed 1.8.0-1.1
          """,
          "look_package_manager",
          "apt-get",
          "look_published",
          """
          key 0123456789ABCDEF0123456789ABCDEF01234567
          held kubeadm 1.35.6-1.1
          held kubelet 1.35.6-1.1
          held kubectl 1.35.6-1.1
          """,
          "look_links",
          """
          /usr/local/bin/kubeadm /usr/bin/kubeadm
          /usr/local/bin/kubelet /usr/bin/kubelet
          /usr/local/bin/kubectl /usr/bin/kubectl
          """);

  private final Inventory ofPackages =
      KubeadmCases.inventory(
          """
          packages:
            repository: http://packages.example/{minor}/deb/
            key: 0123456789ABCDEF0123456789ABCDEF01234567
          """);

  private Observations seenWithPackages(String basics, Map<String, String> answers) {
    return seen(KubeadmCases.on("cp1", ofPackages), basics, answers).build();
  }

  /** What a host says: that, and else that nothing is there. */
  static Observations.Builder seen(
      Target.OnHost target, String basics, Map<String, String> answers) {
    var seen = new Observations.Builder();
    for (var question : new KubeadmUpgrade().probes(target).questions()) {
      answered(seen, question, answers);
    }
    return seen.put(KubeadmLooks.BASICS, Cases.read(KubeadmLooks.BASICS, basics))
        .put(KubeadmCredentials.QUESTION, Optional.empty());
  }

  private static <A> void answered(
      Observations.Builder into, Question<A> question, Map<String, String> answers) {
    var frame = new Frame(0, answers.getOrDefault(question.kind().function().name(), ""));
    into.put(question, question.kind().read(List.of(question), frame).getFirst());
  }

  private Check withPackages(Map<String, String> answers) {
    return new KubeadmUpgrade()
        .check(KubeadmCases.on("cp1", ofPackages), seenWithPackages(OLD_SERVER, answers), known());
  }

  /** Nothing is fetched while the node is out of use, and its kubelet is not replaced before. */
  @Test
  void packagesAreStagedBeforeTheDrainAndTheKubeletsComesAfterIt() {
    var check = withPackages(PACKAGES_BEFORE);
    assertThat(actions(check))
        .containsExactly(
            "take_repository_key",
            "use_repository",
            "stage_published",
            "add_published kubeadm=1.36.2 kubectl=1.36.2 cri-tools",
            "link_programs kubeadm kubectl",
            "upgrade_control_plane",
            "turn of cp1",
            "mark_out_of_use",
            "drain cp1 for upgrade",
            "add_published kubelet=1.36.2 kubernetes-cni",
            "link_programs kubelet",
            "start_node",
            "await cp1 to be Ready with v1.36.2",
            "release cp1 for upgrade",
            "turn over of cp1",
            "mark_in_use");
    assertThat(((Check.Drift) check).changes())
        .extracting(change -> change.action() + " " + change.subject())
        .contains("UPGRADE package kubelet", "DRAIN node cp1");
    assertThat(new KubeadmUpgrade().mayDo())
        .containsAll(((Check.Drift) check).changes().stream().map(Change::action).toList());
  }

  @Test
  void aKubeletThatSomebodyHoldsStopsTheUpgradeBeforeAnythingIsDone() {
    var byHand = new HashMap<>(PACKAGES_BEFORE);
    byHand.put("look_published", "key 0123456789ABCDEF0123456789ABCDEF01234567\n");
    assertThat(withPackages(byHand))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("not by us", "kubelet 1.35.6-1.1"));
  }

  @Test
  void packagesOfAnOlderNodeAreLeftToItsUpgradeWhereTheyAreTheKubelets() {
    var target = KubeadmCases.on("cp1", ofPackages);
    var check =
        new KubeadmPrograms().check(target, seenWithPackages(OLD_SERVER, PACKAGES_BEFORE), known());
    assertThat(((Check.Drift) check).changes())
        .extracting(Change::subject)
        .contains("package kubeadm", "package kubectl")
        .doesNotContain("package kubelet", "package kubernetes-cni");
    assertThat(new KubeadmPrograms().mayDo())
        .containsAll(((Check.Drift) check).changes().stream().map(Change::action).toList());
    assertThat(new KubeadmArtifacts().probes(new Target.OnDesk(ofPackages)))
        .as("nothing is asked of this machine")
        .isEqualTo(Probes.NONE);
    assertThat(new KubeadmArtifacts().probes(new Target.OnDesk(inventory)))
        .isNotEqualTo(Probes.NONE);
  }

  private static Observations seen(String basics, FileState cordoned) {
    return seen(KubeadmCases.on("cp1", KubeadmCases.inventory("")), basics, Map.of())
        .put(Files.at(Kubeadm.CORDONED), cordoned)
        .build();
  }

  private Check check(String host, String basics, FileState cordoned, Cases.Settled known) {
    return new KubeadmUpgrade()
        .check(KubeadmCases.on(host, inventory), seen(basics, cordoned), known);
  }

  private Check check(String host, String basics) {
    return check(host, basics, FileState.ABSENT, known());
  }

  /** What is done, in order: functions on the host, and actions through the API. */
  static List<String> actions(Check check) {
    return ((Check.Drift) check)
        .repair().leaves().stream().flatMap(KubeadmUpgradeTest::actions).toList();
  }

  private static Stream<String> actions(Repair repair) {
    return switch (repair) {
      case Repair.OnHost(var scripts, _) ->
          scripts.stream()
              .map(script -> {
                var name = script.call().function().name();
                var words = script.call().arguments();
                return switch (name) {
                  case "push_file" -> name + " " + words.getFirst();
                  case "add_published", "link_programs" ->
                      name + " " + String.join(" ", words.subList(2, words.size()));
                  case "install_runtime_programs", "bring_unit" -> name + " " + words.get(1);
                  default -> name;
                };
              });
      case Repair.OnApi(_, var actions) ->
          actions.stream()
              .map(action ->
                  switch (action) {
                    case ClusterAction.Drain(var node, var claim, _, _) ->
                        "drain %s for %s".formatted(node, claim);
                    case ClusterAction.Release(var node, var claim) ->
                        "release %s for %s".formatted(node, claim);
                    case ClusterAction.Await await -> "await " + await.what();
                    case ClusterAction.AwaitDetached(var node, _) -> "await volumes off " + node;
                    case ClusterAction.TellAttached(var node) -> "tell volumes of " + node;
                    case ClusterAction.TakeTurn(var node, _) -> "turn of " + node;
                    case ClusterAction.EndTurn(var node) -> "turn over of " + node;
                    case ClusterAction.Request _,
                        ClusterAction.AwaitPresent _,
                        ClusterAction.NotePowerCut _,
                        ClusterAction.SpreadAgain _,
                        ClusterAction.Uncordon _,
                        ClusterAction.Delete _,
                        ClusterAction.Tell _,
                        ClusterAction.Claim _,
                        ClusterAction.ClaimInTurn _,
                        ClusterAction.RefuseUncordoned _,
                        ClusterAction.EndPods _,
                        ClusterAction.RefuseForeign _,
                        ClusterAction.RefuseClaimed _ ->
                        throw new IllegalStateException(action.toString());
                  });
      case Repair.OnCluster _,
          Repair.OnDesk _,
          Repair.Reboot _,
          Repair.PowerCut _,
          Repair.AwaitHosts _,
          Repair.OnOthers _,
          Repair.AwaitChecks _,
          Repair.RunHooks _,
          Repair.Tell _,
          Repair.InWindow _,
          Repair.Guarded _,
          Repair.InOrder _ ->
          throw new IllegalStateException(repair.toString());
    };
  }

  @Test
  void aControlPlaneIsUpgradedBeforeItIsDrainedForItsKubelet() {
    var check = check("cp1", OLD_SERVER);
    assertThat(actions(check))
        .containsExactly(
            "push_file /usr/local/bin/kubeadm",
            "push_file /usr/local/bin/kubectl",
            "upgrade_control_plane",
            "turn of cp1",
            "mark_out_of_use",
            "drain cp1 for upgrade",
            "push_file /usr/local/bin/kubelet",
            "start_node",
            "await cp1 to be Ready with v1.36.2",
            "release cp1 for upgrade",
            "turn over of cp1",
            "mark_in_use");
    assertThat(((Check.Drift) check).changes())
        .extracting(change -> change.action() + " " + change.subject())
        .containsExactly(
            "INSTALL /usr/local/bin/kubeadm",
            "INSTALL /usr/local/bin/kubectl",
            "INSTALL /usr/local/bin/kubelet",
            "UPGRADE control plane",
            "DRAIN node cp1",
            "UPGRADE kubelet",
            "RESTART unit kubelet.service");
    assertThat(new KubeadmUpgrade().mayDo())
        .containsAll(((Check.Drift) check).changes().stream().map(Change::action).toList());
  }

  @Test
  void aWorkerGetsItsConfigurationThenItsKubeletByTheApiOfAServer() {
    var first = KubeadmCases.host("cp1", inventory);
    var check =
        check("w1", OLD_WORKER, FileState.ABSENT, known().has(first, ClusterAccess.OUTPUT, ACCESS));
    assertThat(actions(check))
        .containsExactly(
            "push_file /usr/local/bin/kubeadm",
            "push_file /usr/local/bin/kubectl",
            "upgrade_worker",
            "turn of w1",
            "mark_out_of_use",
            "drain w1 for upgrade",
            "push_file /usr/local/bin/kubelet",
            "start_node",
            "await w1 to be Ready with v1.36.2",
            "release w1 for upgrade",
            "turn over of w1",
            "mark_in_use");
    assertThat(((Check.Drift) check).changes())
        .extracting(Change::subject)
        .contains("node w1, after cp1, cp2, cp3")
        .doesNotContain("control plane");
  }

  @Test
  void aPlanOfAWorkerHoldsNothingToRunWhileNoServerIsUp() {
    assertThat(actions(check("w1", OLD_WORKER))).isEmpty();
  }

  @Test
  void whatAKilledRunLeftIsGoneOnWithFromWhereItCame() {
    var halfDone = OLD_SERVER.replace("apiserver=v1.35.6", "apiserver=v1.36.2");
    assertThat(actions(check("cp1", halfDone + "upgrading=yes\n")))
        .contains("upgrade_control_plane");
    assertThat(actions(check("cp1", halfDone)))
        .doesNotContain("upgrade_control_plane")
        .contains("drain cp1 for upgrade");
    assertThat(actions(check("cp1", NEW_SERVER + "upgrading=yes\n")))
        .contains("upgrade_control_plane", "await cp1 to be Ready with v1.36.2")
        .doesNotContain("drain cp1 for upgrade", "start_node");
    assertThat(actions(check("cp1", NEW_SERVER, THERE, known())))
        .containsExactly(
            "await cp1 to be Ready with v1.36.2",
            "release cp1 for upgrade",
            "turn over of cp1",
            "mark_in_use");
  }

  @Test
  void anApiThatIsNotReadyIsWaitedForUnlessTheUpgradeTookItAway() {
    var deaf = OLD_SERVER.replace("ready=yes\n", "");
    assertThat(check("cp1", deaf)).isInstanceOf(Check.NotYet.class);
    assertThat(actions(check("cp1", deaf + "upgrading=yes\n"))).contains("upgrade_control_plane");
  }

  @Test
  void nothingIsOldWhereAllIsWantedOrNothingIsThere() {
    for (var basics : List.of(NEW_SERVER, KubeadmCases.BARE)) {
      assertThat(check("cp1", basics))
          .isInstanceOfSatisfying(
              Check.InSync.class,
              it -> assertThat(it.observed().values()).containsEntry(UpgradeTurn.CURRENT, true));
    }
    assertThat(check("w1", KubeadmCases.JOINED)).isInstanceOf(Check.InSync.class);
    var begun = OLD_SERVER + "begun=yes\n";
    assertThat(check("cp1", begun)).as("an init that did not end").isInstanceOf(Check.InSync.class);
  }

  /** That an API server is up is known of one that is still to be upgraded. */
  @Test
  void whoComesLaterWaitsForWhoComesBeforeToBeUpgraded() {
    var servers = Nodes.servers(inventory);
    assertThat(new KubeadmUpgrade().needs(KubeadmCases.on("cp3", inventory)))
        .contains(Need.someSoFar(UpgradeTurn.CURRENT, servers.subList(0, 2)));
    assertThat(new KubeadmUpgrade().needs(KubeadmCases.on("w1", inventory)))
        .contains(Need.someSoFar(UpgradeTurn.CURRENT, servers));
    var failed = known().never(servers.getFirst(), UpgradeTurn.CURRENT);
    for (var host : List.of("cp2", "w1")) {
      assertThat(check(host, host.equals("w1") ? OLD_WORKER : OLD_SERVER, FileState.ABSENT, failed))
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it -> assertThat(it.what()).contains("its upgrade, and cp1 comes before it ("));
    }
  }

  /** Two of two that are drained together wait for each other, where a budget keeps their pods. */
  @Test
  void ofWorkersAtMostAThirdIsDrainedAtOnce() {
    for (var count : List.of(2, 3, 5, 6, 9)) {
      var many = KubeadmCases.ofWorkers(count);
      var workers = Nodes.agents(many);
      var ahead = count < 6 ? workers.get(count - 2) : workers.get(count - 3);
      var target = new Target.OnHost(workers.getLast(), many);
      assertThat(new KubeadmUpgrade().needs(target))
          .as("the last of %d", count)
          .contains(Need.someSoFar(UpgradeTurn.CURRENT, List.of(ahead)));
    }
  }

  @Test
  void oneThatIsNotWellStopsThoseBehindIt() {
    var first = KubeadmCases.host("cp1", inventory);
    var third = KubeadmCases.host("cp3", inventory);
    for (var known :
        List.of(
            known().never(first, Nodes.SERVER_UP),
            known().has(third, Nodes.STATE, state("v1.35.6", false)))) {
      assertThat(check("cp2", OLD_SERVER, FileState.ABSENT, known))
          .isInstanceOfSatisfying(
              Check.Refused.class, it -> assertThat(it.what()).contains("is not healthy"));
    }
    assertThat(check("w1", OLD_WORKER, FileState.ABSENT, known().never(first, Nodes.SERVER_UP)))
        .isInstanceOf(Check.Refused.class);
  }

  @Test
  void onlyAVersionThatBringsANewEtcdAsksForMembersOfALeastVersion() {
    assertThat(leastEtcd(inventory, "cp1", OLD_SERVER, known())).isEmpty();
    var later = new Version(1, 37, 0, "");
    assertThat(KubeadmUpgrade.leastEtcd(later)).isEqualTo("3.6.11");
    assertThat(KubeadmUpgrade.leastEtcd(new Version(1, 36, 9, ""))).isEmpty();
  }

  private static String leastEtcd(
      Inventory inventory, String host, String basics, Cases.Settled known) {
    var check =
        (Check.Drift)
            new KubeadmUpgrade()
                .check(KubeadmCases.on(host, inventory), seen(basics, FileState.ABSENT), known);
    return check.repair().leaves().stream()
        .filter(Repair.OnHost.class::isInstance)
        .flatMap(it -> ((Repair.OnHost) it).scripts().stream())
        .filter(it -> it.call().function().name().equals("upgrade_control_plane"))
        .map(it -> it.call().arguments().getLast())
        .findFirst()
        .orElseThrow();
  }

  /** kubeadm is needed before, and names the images of its version; the kubelet comes last. */
  @Test
  void onlyTheKubeletOfAnOlderNodeIsLeftToItsUpgrade() {
    assertThat(brought(OLD_SERVER)).containsExactly("kubeadm", "kubectl");
    assertThat(brought(NEW_SERVER + "upgrading=yes\n")).containsExactly("kubeadm", "kubectl");
    assertThat(brought(NEW_SERVER)).containsExactly("kubeadm", "kubelet", "kubectl");
  }

  private List<String> brought(String basics) {
    var target = KubeadmCases.on("cp1", inventory);
    var check = new KubeadmPrograms().check(target, seen(basics, FileState.ABSENT), known());
    return ((Check.Drift) check)
        .changes().stream().map(it -> it.subject().replace("/usr/local/bin/", "")).toList();
  }
}

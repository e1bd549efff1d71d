package io.provision.steps.kubeadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.kube.ClusterAction;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Sha256;
import io.provision.model.Version;
import io.provision.remote.Call;
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
import io.provision.step.Repair;
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

  private static final FileState THERE =
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

  private static Observations seen(String basics, FileState cordoned) {
    var seen =
        new Observations.Builder()
            .put(KubeadmLooks.BASICS, Cases.read(KubeadmLooks.BASICS, basics))
            .put(KubeadmCredentials.QUESTION, Optional.empty())
            .put(Files.at(Kubeadm.CORDONED), cordoned);
    for (var program : KubeadmArtifacts.PROGRAMS) {
      seen = seen.put(Files.at(KubeadmPrograms.path(program)), FileState.ABSENT);
    }
    return seen.build();
  }

  private Check check(String host, String basics, FileState cordoned, Cases.Settled known) {
    return new KubeadmUpgrade()
        .check(KubeadmCases.on(host, inventory), seen(basics, cordoned), known);
  }

  private Check check(String host, String basics) {
    return check(host, basics, FileState.ABSENT, known());
  }

  /** What is done, in order: functions on the host, and actions through the API. */
  private static List<String> actions(Check check) {
    return ((Check.Drift) check)
        .repair().leaves().stream().flatMap(KubeadmUpgradeTest::actions).toList();
  }

  private static Stream<String> actions(Repair repair) {
    return switch (repair) {
      case Repair.OnHost(var scripts, _) ->
          scripts.stream()
              .map(script -> {
                var name = script.call().function().name();
                return name.equals("push_file")
                    ? name + " " + script.call().arguments().getFirst()
                    : name;
              });
      case Repair.OnApi(_, var actions) ->
          actions.stream()
              .map(action ->
                  switch (action) {
                    case ClusterAction.Drain(var node, var claim, _) ->
                        "drain %s for %s".formatted(node, claim);
                    case ClusterAction.Release(var node, var claim) ->
                        "release %s for %s".formatted(node, claim);
                    case ClusterAction.Await await -> "await " + await.what();
                    case ClusterAction.AwaitDetached(var node, _) -> "await volumes off " + node;
                    case ClusterAction.TellAttached(var node) -> "tell volumes of " + node;
                    case ClusterAction.Request _, ClusterAction.Delete _ ->
                        throw new IllegalStateException(action.toString());
                  });
      case Repair.OnCluster _, Repair.OnDesk _, Repair.Reboot _, Repair.InOrder _ ->
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
            "mark_out_of_use",
            "drain cp1 for upgrade",
            "push_file /usr/local/bin/kubelet",
            "start_node",
            "await cp1 to be Ready with v1.36.2",
            "release cp1 for upgrade",
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
            "mark_out_of_use",
            "drain w1 for upgrade",
            "push_file /usr/local/bin/kubelet",
            "start_node",
            "await w1 to be Ready with v1.36.2",
            "release w1 for upgrade",
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
            "await cp1 to be Ready with v1.36.2", "release cp1 for upgrade", "mark_in_use");
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

package io.provision.steps.kubeadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Inventory;
import io.provision.model.Sha256;
import io.provision.model.Version;
import io.provision.remote.Handoff;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.steps.kubeadm.names.ApiName;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.certificates.AuthorityKey;
import io.provision.steps.kubernetes.etcd.UnfinishedRestore;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A cluster begins once, and control planes join it one at a time, while the others are well. */
class KubeadmControlPlaneTest {
  private final Inventory inventory = KubeadmCases.inventory("");

  private Cases.Settled known() {
    var known = new Cases.Settled();
    for (var server : Nodes.servers(inventory)) {
      known = known.address(server).has(server, Nodes.STATE, state(false, false));
    }
    return known;
  }

  private static final UnfinishedRestore NONE = new UnfinishedRestore(Optional.empty(), List.of());

  private static final UnfinishedRestore BEGAN =
      new UnfinishedRestore(Optional.of("home-etcd-20261128T170000Z.tar"), List.of());

  private static final UnfinishedRestore MADE =
      new UnfinishedRestore(Optional.empty(), List.of("cp2", "cp3"));

  private static NodeState state(boolean holds, boolean answers) {
    return new NodeState("amd64", Optional.empty(), holds, answers, holds);
  }

  private Cases.Settled begun() {
    var first = KubeadmCases.host("cp1", inventory);
    return known().has(first, Nodes.STATE, state(true, true)).has(first, Nodes.SERVER_UP, true);
  }

  private Check check(String host, String basics, Cases.Settled known) {
    return check(host, basics, known, NONE);
  }

  private Check check(String host, String basics, Cases.Settled known, UnfinishedRestore restore) {
    var seen =
        new Observations.Builder()
            .put(KubeadmLooks.BASICS, Cases.read(KubeadmLooks.BASICS, basics))
            .put(KubeadmCredentials.QUESTION, Optional.empty())
            .put(UnfinishedRestore.QUESTION, restore)
            .build();
    return new KubeadmControlPlane().check(KubeadmCases.on(host, inventory), seen, known);
  }

  private static List<String> functions(Check check) {
    return ((Repair.OnHost) ((Check.Drift) check).repair())
        .scripts().stream().map(script -> script.call().function().name()).toList();
  }

  private static Change.Action action(Check check) {
    return ((Check.Drift) check).changes().getFirst().action();
  }

  @Test
  void theFirstBeginsWhereEveryOneWasLookedAtAndNoneHoldsACluster() {
    var check = check("cp1", KubeadmCases.BARE, known());
    assertThat(action(check)).isEqualTo(Change.Action.CREATE);
    assertThat(functions(check)).containsExactly("init_control_plane");
    var third = KubeadmCases.host("cp3", inventory);
    assertThat(check("cp1", KubeadmCases.BARE, known().never(third, Nodes.STATE)))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("while cp3 could hold one"));
    assertThat(check("cp1", KubeadmCases.BARE, known().has(third, Nodes.STATE, state(true, false))))
        .isInstanceOf(Check.Refused.class);
  }

  @Test
  void anotherOneJoinsWithTheAuthoritiesAndATokenOfOneThatAnswers() {
    var check = check("cp2", KubeadmCases.BARE, begun());
    assertThat(action(check)).isEqualTo(Change.Action.JOIN);
    assertThat(functions(check)).containsExactly("take_authorities", "join_cluster");
    var payloads =
        ((Repair.OnHost) ((Check.Drift) check).repair())
            .scripts().stream().flatMap(script -> script.payloads().stream()).toList();
    assertThat(payloads).hasSize(2).allSatisfy(it -> assertThat(it.isSecret()).isTrue());
    assertThat(payloads).extracting(it -> ((Handoff) it).from().value()).containsOnly("cp1");
  }

  @Test
  void nobodyJoinsWhileAnotherOneIsNotHealthy() {
    var third = KubeadmCases.host("cp3", inventory);
    var ill =
        List.of(
            begun().has(third, Nodes.STATE, state(true, false)),
            begun().never(third, Nodes.STATE),
            begun().never(third, Nodes.SERVER_UP));
    assertThat(ill)
        .allSatisfy(known ->
            assertThat(check("cp2", KubeadmCases.BARE, known))
                .isInstanceOfSatisfying(
                    Check.Refused.class,
                    it -> assertThat(it.what()).contains("cp3 is not healthy")));
  }

  /** Its kubeadm would make what the older ones have no images for. */
  @Test
  void nobodyJoinsAClusterWhoseTurnToBeUpgradedComesLater() {
    var first = KubeadmCases.host("cp1", inventory);
    var second = KubeadmCases.host("cp2", inventory);
    var old = new NodeState("amd64", Optional.of(Version.parse("v1.35.6")), true, true, true);
    assertThat(check("cp1", KubeadmCases.BARE, known().has(second, Nodes.STATE, old)))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("a cluster of v1.35.6", "v1.36.2 first"));
    var upgraded = known().has(first, Nodes.STATE, old).has(first, Nodes.SERVER_UP, true);
    assertThat(functions(check("cp2", KubeadmCases.BARE, upgraded)))
        .as("behind those that this run has upgraded")
        .contains("join_cluster");
  }

  @Test
  void theyComeInTheOrderOfTheInventory() {
    var servers = Nodes.servers(inventory);
    assertThat(new KubeadmControlPlane().needs(KubeadmCases.on("cp3", inventory)))
        .contains(Need.someSoFar(Nodes.SERVER_UP, servers.subList(0, 2)));
  }

  @Test
  void aPlanOfABareClusterSaysThatTheOthersWillJoin() {
    var check = check("cp2", KubeadmCases.BARE, known());
    assertThat(action(check)).isEqualTo(Change.Action.JOIN);
    assertThat(functions(check)).isEmpty();
  }

  @Test
  void whereTheFirstDidNotComeUpNobodyBeginsASecondCluster() {
    var first = KubeadmCases.host("cp1", inventory);
    assertThat(check("cp2", KubeadmCases.BARE, known().never(first, Nodes.SERVER_UP)))
        .isInstanceOf(Check.Refused.class);
  }

  @Test
  void whatDidNotEndIsEndedAlsoWhereItsEtcdRuns() {
    var begun = check("cp1", KubeadmCases.LIVES + "begun=yes\n", begun());
    assertThat(functions(begun)).containsExactly("init_control_plane");
    var joining = check("cp2", KubeadmCases.LIVES + "joining=yes\n", begun());
    assertThat(functions(joining)).containsExactly("take_authorities", "join_cluster");
  }

  @Test
  void oneThatRunsAndIsNotReadyIsWaitedForAndNotCalledUp() {
    var basics = KubeadmCases.LIVES.replace("ready=yes\n", "");
    assertThat(check("cp1", basics, begun()))
        .isInstanceOfSatisfying(
            Check.NotYet.class, it -> assertThat(it.awaited()).contains("to be ready"));
    assertThat(check("cp1", KubeadmCases.LIVES, begun()))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it ->
                assertThat(it.observed().values())
                    .containsEntry(Nodes.SERVER_UP, true)
                    .containsKey(Kubeadm.OF_CLUSTER));
  }

  /** As where two clusters have the name that nobody gave them, and one host a wrong address. */
  @Test
  void oneOfAnotherClusterOfTheSameNameIsRefusedByTheKeyOfItsAuthority() {
    var first = KubeadmCases.host("cp1", inventory);
    var ours = new Authority(new Sha256("a".repeat(64)), Optional.of(new AuthorityKey("ours")));
    var others = new Authority(new Sha256("b".repeat(64)), Optional.of(new AuthorityKey("ours")));
    var lives = KubeadmCases.LIVES + "key=" + KubeadmCases.CERTIFICATE + "\n";
    var known = begun().has(first, Kubeadm.OF_CLUSTER, ours);
    assertThat(check("cp2", lives, known)).isInstanceOf(Check.InSync.class);
    assertThat(check("cp2", lives, begun()))
        .as("nobody else is up")
        .isInstanceOf(Check.InSync.class);
    assertThat(check("cp2", lives, begun().has(first, Kubeadm.OF_CLUSTER, others)))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it ->
                assertThat(it.what())
                    .contains("called 'home' too", "its authority is " + KubeadmCases.KEY)
                    .contains("that of cp1 is ours"));
    assertThat(new KubeadmControlPlane().needs(KubeadmCases.on("cp2", inventory)))
        .contains(Need.someSoFar(Kubeadm.OF_CLUSTER, List.of(first)));
  }

  /** What was restored so far would be in the way of it, or it would be in the place of that. */
  @Test
  void whileARestoreIsNotOverNoEmptyClusterBegins() {
    for (var basics : List.of(KubeadmCases.BARE, KubeadmCases.BARE + "begun=yes\n")) {
      assertThat(check("cp1", basics, known(), BEGAN))
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it -> {
                assertThat(it.what()).contains("home-etcd-20261128T170000Z.tar");
                assertThat(it.remedy())
                    .contains("provision etcd restore", "/var/lib/provision/etcd/restoring");
              });
    }
    assertThat(check("cp1", KubeadmCases.LIVES, begun(), BEGAN)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void nodesOfASnapshotThatAreNoneGoBeforeAnythingJoins() {
    var begins = check("cp1", KubeadmCases.BARE + "member=yes\nbegun=yes\n", known(), MADE);
    assertThat(functions(begins)).containsExactly("init_control_plane", "forget_nodes");
    assertThat(((Check.Drift) begins).changes())
        .extracting(Change::subject)
        .contains("node cp2", "node cp3");
    var killedBetween = check("cp1", KubeadmCases.LIVES, begun(), MADE);
    assertThat(functions(killedBetween)).containsExactly("forget_nodes");
    assertThat(killedBetween).as("nobody joins yet").isInstanceOf(Check.Drift.class);
  }

  @Test
  void aControlPlaneWithoutItsDatastoreIsNotBegunAnew() {
    var lost = KubeadmCases.LIVES.replace("member=yes\n", "").replace("ready=yes\n", "");
    assertThat(check("cp1", lost, known()))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("no datastore in /var/lib/etcd"));
  }

  /** kubeadm would refuse it, after all else was done. */
  @Test
  void nobodyJoinsAClusterWhoseNodesFindItsApiByOneControlPlaneAlone() {
    var first = KubeadmCases.host("cp1", inventory);
    assertThat(check("cp2", KubeadmCases.BARE, begun().has(first, ApiName.FOUND, "10.0.0.1")))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("10.0.0.1, which is cp1 alone"));
    assertThat(check("cp2", KubeadmCases.BARE, begun().has(first, ApiName.FOUND, "10.0.0.100")))
        .as("of a balancer")
        .isInstanceOf(Check.Drift.class);
  }
}

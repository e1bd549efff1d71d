package io.provision.steps.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.kube.ClusterChange;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.kube.comparison.Previews;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Sections;
import io.provision.model.Version;
import io.provision.resource.ManifestText;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Removals;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.Published;
import io.provision.steps.kubeadm.KubeadmDistribution;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.PodNetwork;
import io.provision.steps.kubernetes.PublishedObjects;
import io.provision.steps.kubernetes.addon.AddOns;
import io.provision.steps.kubernetes.addon.AddOnsLeft;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Calico's operator and the network against a cluster that applies as Kubernetes does. */
class CalicoTest {
  private static final ObjectRef POOL =
      ObjectRef.of("crd.projectcalico.org/v1", "IPPool", "default-ipv4-ippool");
  private static final ObjectRef INSTALLATION =
      ObjectRef.of("operator.tigera.io/v1", "Installation", "default");
  private static final ObjectRef STATUS =
      ObjectRef.of("operator.tigera.io/v1", "TigeraStatus", "calico");

  private final FakeCluster cluster = new FakeCluster();
  private final FakeApi api = new FakeApi(cluster);
  private Cluster wanted = Cases.cluster("v1.36.4+k3s1", Cluster.Cni.CALICO, Map.of());
  private Host[] hosts = {Cases.server(1), Cases.agent(1)};
  private Set<String> up = Set.of("cp1", "w1");
  private Removals removals = Removals.NONE;

  private Inventory inventory() {
    return Cases.inventory(wanted, hosts);
  }

  private static PublishedObjects published(String text) {
    var id = new ArtifactId("calico", "v1", ArtifactId.ANY, "x.yaml");
    return new PublishedObjects(id, ManifestText.objects("calico", text));
  }

  private Known known() {
    var settled =
        new Cases.Settled()
            .atDesk(Calico.DEFINITIONS, published(Published.CALICO_DEFINITIONS))
            .atDesk(Calico.OPERATOR, published(Published.CALICO_OPERATOR));
    for (var host : hosts) {
      Output<Boolean> output = Nodes.isServer(host) ? Nodes.SERVER_UP : Nodes.AGENT_UP;
      if (up.contains(host.name().value())) {
        settled.has(host, output, true);
        if (Nodes.isServer(host)) {
          settled.has(host, Nodes.REGISTERED, true);
        }
      } else {
        settled.never(host, output);
      }
    }
    return settled.asked(removals);
  }

  /** With the API's previews, as the engine looks. */
  private Check check(Step<Target.OnCluster> step) throws Exception {
    var target = new Target.OnCluster(inventory());
    Probes asked = step.probes(target).and(step.probes(target, known()));
    var seen = new Observations.Builder();
    Previews.added(api.view(), api.view().look(List.copyOf(asked.cluster()))).forEach(seen::put);
    return step.check(target, seen.build(), known());
  }

  private void apply(Step<Target.OnCluster> step) throws Exception {
    var repair = (Repair.OnCluster) ((Check.Drift) check(step)).repair();
    for (var change : repair.changes()) {
      api.change(change);
    }
  }

  private String live(ObjectRef ref) {
    return cluster.live(ref).content().toString();
  }

  /** What the operator says. */
  private void said(String type, String message) {
    if (cluster.find(STATUS).isEmpty()) {
      cluster.apply(Published.object(STATUS, "spec", Map.of()), "operator", false);
    }
    cluster.status(
        STATUS,
        Map.of(
            "conditions",
            List.of(
                Map.of(
                    "type",
                    "Available",
                    "status",
                    type.equals("Available") ? "True" : "False",
                    "message",
                    ""),
                Map.of("type", type, "status", "True", "message", message))));
  }

  @Test
  void definitionsComeBeforeTheOperatorWhichLeavesThemAlone() throws Exception {
    var drift = (Check.Drift) check(new CalicoOperator());
    assertThat(((Repair.OnCluster) drift.repair()).changes())
        .extracting(it -> ((ClusterChange.Apply) it).manifest().ref().kind())
        .containsExactly("CustomResourceDefinition", "Namespace", "Deployment");
    apply(new CalicoOperator());
    var operator = cluster.refs().stream().filter(it -> it.kind().equals("Deployment")).findFirst();
    assertThat(live(operator.orElseThrow())).contains("[-manage-crds=true, -manage-crds=false]");
  }

  @Test
  void manifestsOfSomethingElseAreRefused() {
    var other =
        new Cases.Settled()
            .atDesk(Calico.DEFINITIONS, published(Published.CALICO_OPERATOR))
            .atDesk(Calico.OPERATOR, published(Published.CALICO_OPERATOR));
    var seen = new Observations.Builder();
    var target = new Target.OnCluster(inventory());
    for (var question : new CalicoOperator().probes(target).cluster()) {
      seen.put(question, Optional.empty());
    }
    assertThat(new CalicoOperator().check(target, seen.build(), other))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("installations"));
  }

  @Test
  void theNetworkIsTheInventorysInVxlanWithoutBgp() throws Exception {
    apply(new CalicoNetwork(false));
    assertThat(live(POOL))
        .contains("cidr=10.42.0.0/16", "vxlanMode=Always", "ipipMode=Never", "natOutgoing=true");
    assertThat(live(INSTALLATION))
        .contains(
            "bgp=Disabled",
            "ipPools=[]",
            "linuxDataplane=Iptables",
            "nodeAddressAutodetectionV4={kubernetes=NodeInternalIP}",
            "containerIPForwarding=Enabled")
        .doesNotContain("mtu");
  }

  @Test
  void whatTheInventorySaysOfPacketsAndKubeProxyReachesIt() throws Exception {
    var it = Cases.cluster("v1.36.4", Cluster.Cni.CALICO, Map.of());
    var settings = new CalicoSettings(new Version(3, 31, 7, ""), Optional.of(1400));
    wanted =
        changed(
            it,
            KubeadmDistribution.DECLARED,
            Sections.of(settings)
                .and(Cases.programs(Map.of("kube_proxy", Map.of("mode", "nftables")))));
    apply(new CalicoNetwork(false));
    assertThat(live(INSTALLATION))
        .contains("mtu=1400", "linuxDataplane=Nftables")
        .doesNotContain("containerIPForwarding");
    var target = new Target.OnCluster(inventory());
    assertThat(new CalicoImages().artifact(target, "arm64").map(ArtifactId::toString))
        .contains("calico/v3.31.7/arm64/images.tar");
    assertThat(Calico.operator(target).toString())
        .isEqualTo("calico/v3.31.7/any/tigera-operator.yaml");
  }

  @Test
  void driftOfThePoolIsMendedAndDefaultsAreNone() throws Exception {
    apply(new CalicoNetwork(false));
    said("Available", "");
    assertThat(check(new CalicoNetwork(false))).isInstanceOf(Check.InSync.class);

    cluster.update(INSTALLATION, "operator", "10.9.9.9", "f:spec", "f:flexDefault");
    cluster.update(POOL, "operator", "Automatic", "f:spec", "f:assignmentMode");
    assertThat(check(new CalicoNetwork(false)))
        .as("what the operator fills in is no drift")
        .isInstanceOf(Check.InSync.class);

    cluster.update(POOL, "kubectl-edit", false, "f:spec", "f:natOutgoing");
    assertThat(check(new CalicoNetwork(false)))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it -> assertThat(it.changes().toString()).contains("IPPool", "natOutgoing"));
    apply(new CalicoNetwork(false));
    assertThat(live(POOL)).contains("natOutgoing=true");
    assertThat(check(new CalicoNetwork(false))).isInstanceOf(Check.InSync.class);
  }

  @Test
  void whatSomebodySetInTheInstallationIsLeftToThemUnlessItIsTakenOver() throws Exception {
    apply(new CalicoNetwork(false));
    said("Available", "");
    cluster.update(INSTALLATION, "kubectl-edit", "Enabled", "f:spec", "f:calicoNetwork", "f:bgp");
    assertThat(check(new CalicoNetwork(false)))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("bgp", "kubectl-edit"));
    apply(new CalicoNetwork(true));
    assertThat(live(INSTALLATION)).contains("bgp=Disabled");
  }

  @Test
  void anotherRangeOfALivingClusterIsRefused() throws Exception {
    apply(new CalicoNetwork(false));
    cluster.update(POOL, Manifest.MANAGER, "10.99.0.0/16", "f:spec", "f:cidr");
    assertThat(check(new CalicoNetwork(false)))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("10.99.0.0/16", "10.42.0.0/16", "pod_cidr"));
  }

  @Test
  void itIsAwaitedAndWhatTheOperatorSaysIsTheReason() throws Exception {
    apply(new CalicoNetwork(false));
    assertThat(check(new CalicoNetwork(false))).isInstanceOf(Check.NotYet.class);

    said("Degraded", "could not resolve CalicoNetwork IPPool");
    assertThat(check(new CalicoNetwork(false)))
        .isInstanceOfSatisfying(
            Check.NotYet.class,
            it -> assertThat(it.toString()).contains("degraded: could not resolve"));

    said("Available", "All objects available");
    assertThat(check(new CalicoNetwork(false)))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it -> assertThat(it.observed().values()).containsEntry(PodNetwork.UP, true));
  }

  @Test
  void aNodeThatIsDownHoldsNothingUp() throws Exception {
    apply(new CalicoNetwork(false));
    said("Progressing", "DaemonSet is not available (awaiting 1 nodes)");
    var nodes = new ObjectRef("apps/v1", "DaemonSet", Optional.of("calico-system"), "calico-node");
    cluster.apply(Published.object(nodes, "spec", Map.of("x", 1)), "operator", false);
    cluster.status(nodes, Map.of("desiredNumberScheduled", 2, "numberAvailable", 1));
    assertThat(check(new CalicoNetwork(false)))
        .as("both are up, and one is without")
        .isInstanceOfSatisfying(
            Check.NotYet.class, it -> assertThat(it.toString()).contains("1 of 2 nodes"));
    up = Set.of("cp1");
    assertThat(check(new CalicoNetwork(false)))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it -> {
              assertThat(it.notes().toString()).contains("not every node is up");
              assertThat(it.observed().values()).containsEntry(PodNetwork.UP, true);
            });
  }

  @Test
  void theNetworkOfALivingClusterIsNotChanged() throws Exception {
    var flannel =
        new ObjectRef("apps/v1", "DaemonSet", Optional.of("kube-flannel"), "kube-flannel-ds");
    cluster.apply(Published.object(flannel, "spec", Map.of("x", 1)), "kubectl", false);
    assertThat(check(new CalicoOperator()))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("flannel", "calico", "kube-flannel-ds"));
  }

  @Test
  void flannelDoesNotGoOverCalicoNorOverWeave() {
    var known =
        new Cases.Settled()
            .atDesk(
                Flannel.PUBLISHED,
                published(
                    Published.CALICO_OPERATOR
                        .replace("kind: Deployment", "kind: DaemonSet")
                        .replace("name: tigera-operator", "name: kube-flannel-ds")));
    wanted = Cases.cluster("v1.36.4", Cluster.Cni.FLANNEL, Map.of());
    var target = new Target.OnCluster(inventory());
    for (var other : List.of("calico-node", "weave-net")) {
      var seen = new Observations.Builder();
      for (var question : new Flannel(false).probes(target).cluster()) {
        var isIt =
            question instanceof ClusterQuestion.One(var ref) && ref.name().equals(other)
                ? Optional.of(
                    io.provision.kube.LiveObject.of(
                        Published.object(ref, "spec", Map.of()).content()))
                : Optional.empty();
        seen.put(question, isIt);
      }
      assertThat(new Flannel(false).check(target, seen.build(), known))
          .isInstanceOfSatisfying(
              Check.Refused.class, it -> assertThat(it.what()).contains(other, "flannel"));
    }
  }

  @Test
  void itIsNeverTakenOutOfALivingCluster() throws Exception {
    apply(new CalicoOperator());
    wanted = Cases.cluster("v1.36.4", Cluster.Cni.FLANNEL, Map.of());
    removals = new Removals(Set.of("calico"));
    var left = new AddOnsLeft(new AddOns(List.of(new CalicoAddOn())));
    assertThat(((Check.Leaving) check(left)).departures().getFirst().removal())
        .isInstanceOf(Check.Refused.class);
  }

  @Test
  void withAnotherNetworkNothingIsAskedOrDone() throws Exception {
    wanted = Cases.cluster("v1.36.4+k3s1", Cluster.Cni.FLANNEL, Map.of());
    var target = new Target.OnCluster(inventory());
    for (Step<Target.OnCluster> step : List.of(new CalicoOperator(), new CalicoNetwork(false))) {
      assertThat(step.needs(target)).isEmpty();
      assertThat(step.probes(target)).isEqualTo(Probes.NONE);
      assertThat(check(step)).isInstanceOf(Check.Skipped.class);
    }
    var desk = new Target.OnDesk(inventory());
    assertThat(new CalicoManifest().probes(desk)).isEqualTo(Probes.NONE);
    assertThat(new CalicoManifest().provides(desk)).isEmpty();
  }

  private static Cluster changed(Cluster it, Cluster.Distribution distribution, Sections sections) {
    return new Cluster(
        it.name(),
        distribution,
        it.version(),
        it.endpoint(),
        it.virtualIp(),
        it.network(),
        sections,
        it.kubeconfig(),
        it.tlsSans(),
        it.position());
  }
}

package io.provision.steps.metallb;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.kube.ClusterChange;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.DeclaredObject;
import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Sections;
import io.provision.resource.ClusterObjects;
import io.provision.resource.ManifestText;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Removals;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.Published;
import io.provision.steps.kubeadm.KubeadmDistribution;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.PublishedObjects;
import io.provision.steps.kubernetes.addon.AddOnObjects;
import io.provision.steps.kubernetes.addon.AddOns;
import io.provision.steps.kubernetes.addon.AddOnsLeft;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** MetalLB and its pools against a cluster that applies as Kubernetes does. */
class MetallbTest {
  private static final Step<Target.OnCluster> LEFT =
      new AddOnsLeft(new AddOns(List.of(new MetallbAddOn())));
  private static final AddOnObjects OURS = new AddOnObjects(new MetallbAddOn());
  private static final ObjectRef WEBHOOK =
      ObjectRef.of(
          "admissionregistration.k8s.io/v1",
          "ValidatingWebhookConfiguration",
          "metallb-webhook-configuration");

  private final FakeCluster cluster = new FakeCluster();
  private final FakeApi api = new FakeApi(cluster);
  private Inventory inventory = Cases.inventory(Cases.server(1), Cases.agent(1));

  private Removals removals = Removals.NONE;

  private Known asked() {
    return known().asked(removals);
  }

  private static Known known() {
    var id = new ArtifactId("metallb", "v1", ArtifactId.ANY, "metallb-native.yaml");
    var objects = new PublishedObjects(id, ManifestText.objects("metallb", Published.METALLB));
    return new Cases.Settled().atDesk(MetallbManifest.OBJECTS, objects);
  }

  private Check check(Step<Target.OnCluster> step) throws Exception {
    var target = new Target.OnCluster(inventory);
    Probes asked = step.probes(target).and(step.probes(target, asked()));
    var seen = new Observations.Builder();
    for (var question : asked.cluster()) {
      switch (question) {
        case ClusterQuestion.One(var ref) ->
            seen.put(question, cluster.find(ref).map(LiveObject::of));
        case ClusterQuestion.Declared(var manifest) ->
            seen.put(
                question, new DeclaredObject(cluster.find(manifest.ref()).map(LiveObject::of)));
        case ClusterQuestion.All _, ClusterQuestion.InPassing _ ->
            seen.put(question, api.view().look(List.of(question)).get(question));
        default -> throw new IllegalStateException(question.toString());
      }
    }
    return step.check(target, seen.build(), asked());
  }

  private void apply(Step<Target.OnCluster> step) throws Exception {
    var repair = (Repair.OnCluster) ((Check.Drift) check(step)).repair();
    for (ClusterChange change : repair.changes()) {
      api.change(change);
    }
  }

  private String live(String kind) {
    var ref =
        cluster.refs().stream().filter(it -> it.kind().equals(kind)).findFirst().orElseThrow();
    return cluster.live(ref).content().toString();
  }

  @Test
  void itsObjectsAreThoseOfItsPublisher() throws Exception {
    apply(new Metallb(false));
    assertThat(cluster.refs())
        .extracting(ObjectRef::toString)
        .containsExactlyInAnyOrder(
            "Namespace metallb-system",
            "Deployment metallb-system/controller",
            "DaemonSet metallb-system/speaker");
    assertThat(live("DaemonSet")).contains("--port=9120").doesNotContain("ignore");
    assertThat(live("Deployment"))
        .contains("tcpSocket={port=9443}", "failureThreshold=3")
        .doesNotContain("httpGet");
  }

  /** A page of a proxy, or another's manifest. */
  @Test
  void aManifestWithoutASpeakerIsRefused() {
    var id = new ArtifactId("metallb", "v1", ArtifactId.ANY, "metallb-native.yaml");
    var other =
        new Cases.Settled().atDesk(MetallbManifest.OBJECTS, new PublishedObjects(id, List.of()));
    var target = new Target.OnCluster(inventory);
    assertThat(new Metallb(false).check(target, new Observations.Builder().build(), other))
        .isInstanceOf(Check.Refused.class);
  }

  @Test
  void aPoolIsMadeOnceAndItsDriftMended() throws Exception {
    webhook("YXV0aG9yaXR5");
    apply(new MetallbPools(false));
    assertThat(live("IPAddressPool")).contains("10.0.0.200-10.0.0.210");
    assertThat(check(new MetallbPools(false))).isInstanceOf(Check.InSync.class);

    cluster.apply(otherRange(pool()), Manifest.MANAGER, true);
    assertThat(check(new MetallbPools(false)))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift ->
                assertThat(drift.changes().toString())
                    .contains("10.9.9.0-10.9.9.9", "10.0.0.200-10.0.0.210"));
    apply(new MetallbPools(false));
    assertThat(live("IPAddressPool")).contains("10.0.0.200-10.0.0.210").doesNotContain("10.9.9");
  }

  @Test
  void whatSomebodyChangedInAPoolOfOursIsSetBack() throws Exception {
    webhook("YXV0aG9yaXR5");
    apply(new MetallbPools(false));
    cluster.apply(otherRange(pool()), "kubectl", true);
    assertThat(live("IPAddressPool")).contains("10.9.9.0-10.9.9.9");
    apply(new MetallbPools(false));
    assertThat(live("IPAddressPool")).contains("10.0.0.200-10.0.0.210").doesNotContain("10.9.9");
    assertThat(check(new MetallbPools(false))).isInstanceOf(Check.InSync.class);
  }

  @Test
  void aPoolThatOthersMadeIsTheirsUnlessItIsTakenOver() throws Exception {
    webhook("YXV0aG9yaXR5");
    cluster.apply(otherRange(pool()), "kubectl", true);
    assertThat(check(new MetallbPools(false)))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("spec.addresses", "belongs to kubectl"));
    apply(new MetallbPools(true));
    assertThat(live("IPAddressPool")).contains("10.0.0.200-10.0.0.210").doesNotContain("10.9.9");
  }

  private static ObjectRef pool() {
    return new ObjectRef(
        "metallb.io/v1beta1", "IPAddressPool", Optional.of("metallb-system"), "default");
  }

  private static Manifest otherRange(ObjectRef ref) {
    return Manifest.of(
        Map.of(
            "apiVersion", ref.apiVersion(),
            "kind", ref.kind(),
            "metadata",
                Map.of(
                    "name", ref.name(),
                    "namespace", "metallb-system",
                    "labels", Map.of("app.kubernetes.io/managed-by", "provision")),
            "spec", Map.of("addresses", List.of("10.9.9.0-10.9.9.9"))));
  }

  @Test
  void onlyControlPlanesOfKubeadmWithoutWorkersAnnounceAgainstTheirLabel() throws Exception {
    inventory = ofKubeadm(Cases.server(1));
    apply(new Metallb(false));
    assertThat(live("DaemonSet")).contains("--port=9120", "--ignore-exclude-lb");
    inventory = ofKubeadm(Cases.server(1), Cases.agent(1));
    apply(new Metallb(false));
    assertThat(live("DaemonSet")).doesNotContain("--ignore-exclude-lb");
  }

  private static Inventory ofKubeadm(Host... hosts) {
    var it = Cases.cluster("v1.36.4", Cluster.Cni.FLANNEL, Map.of());
    return Cases.inventory(changed(it, KubeadmDistribution.DECLARED, it.sections()), hosts);
  }

  private Check.Leaving leaving(String... words) throws Exception {
    removals = new Removals(java.util.Set.of(words));
    return (Check.Leaving) check(LEFT);
  }

  @Test
  void withoutItsKeyItIsLeftAloneUntilItIsAskedFor() throws Exception {
    apply(new Metallb(false));
    var wanted = inventory;
    inventory = Cases.inventory(without(wanted.cluster().orElseThrow()), Cases.server(1));
    assertThat(LEFT.probes(new Target.OnCluster(inventory), known()).cluster())
        .as("no cluster is asked for what it may never have had")
        .isEmpty();
    assertThat(check(LEFT)).isInstanceOf(Check.InSync.class);

    cluster.apply(service("default", "web", "metallb.io/ip-allocated-from-pool"), "kubectl", false);
    cluster.apply(service("default", "db", "other"), "kubectl", false);
    var removal = leaving("metallb").departures().getFirst().removal();
    assertThat(((Check.Drift) removal).changes().toString())
        .contains("the address of Service default/web")
        .doesNotContain("default/db");
    for (var change : ((Repair.OnCluster) ((Check.Drift) removal).repair()).changes()) {
      api.change(change);
    }
    // what lies in the namespace goes with it, which the real API does by itself
    assertThat(cluster.refs()).extracting(ObjectRef::kind).doesNotContain("Namespace");
    assertThat(check(LEFT)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void aNamespaceThatIsStillGoingIsWaitedFor() throws Exception {
    apply(new Metallb(false));
    inventory = Cases.inventory(without(inventory.cluster().orElseThrow()), Cases.server(1));
    going();
    assertThat(leaving("metallb").departures().getFirst().removal())
        .isInstanceOfSatisfying(
            Check.NotYet.class,
            it -> {
              assertThat(it.awaited()).contains("Namespace metallb-system");
              assertThat(it.toString()).contains("its finalizers hold it: example.org/keep");
            });
  }

  @Test
  void whatIsDeclaredAndGoingIsNotAppliedTo() throws Exception {
    apply(new Metallb(false));
    going();
    assertThat(check(new Metallb(false)))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it ->
                assertThat(it.what())
                    .contains("Namespace metallb-system is declared, and somebody has deleted it")
                    .contains("its finalizers hold it: example.org/keep"));
  }

  private void going() {
    var namespace = ObjectRef.of("v1", "Namespace", "metallb-system");
    cluster.update(namespace, "api", "2026-11-27", "f:metadata", "f:deletionTimestamp");
    cluster.update(namespace, "x", List.of("example.org/keep"), "f:metadata", "f:finalizers");
  }

  @Test
  void poolsThatPeopleMadeKeepItFromBeingRemoved() throws Exception {
    apply(new Metallb(false));
    cluster.apply(
        otherRange(
            new ObjectRef(
                "metallb.io/v1beta1", "IPAddressPool", Optional.of("metallb-system"), "theirs")),
        "kubectl",
        false);
    inventory = Cases.inventory(without(inventory.cluster().orElseThrow()), Cases.server(1));
    assertThat(leaving("metallb").departures().getFirst().removal())
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("theirs"));
  }

  @Test
  void whatSomebodyElseInstalledIsNobodysToRemove() throws Exception {
    cluster.apply(ManifestText.objects("theirs", Published.METALLB).getFirst(), "helm", false);
    inventory = Cases.inventory(without(inventory.cluster().orElseThrow()), Cases.server(1));
    assertThat(check(LEFT)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void whatAnotherVersionLeftBehindIsNamed() throws Exception {
    apply(new Metallb(false));
    var old =
        Map.of(
            "apiVersion", "rbac.authorization.k8s.io/v1",
            "kind", "ClusterRole",
            "metadata", Map.of("name", "metallb-system:old", "labels", OURS.of().labels()));
    cluster.apply(Manifest.of(old), Manifest.MANAGER, false);
    var namespace =
        Map.of(
            "apiVersion", "v1",
            "kind", "Namespace",
            "metadata", Map.of("name", "metallb-system", "labels", OURS.of().labels()));
    var declared = new ClusterObjects(List.of(Manifest.of(namespace)), false);
    var seen = new Observations.Builder();
    api.view().look(OURS.probes(declared).cluster()).forEach(seen::put);
    var check = OURS.check(declared, seen.build());
    assertThat(check).isInstanceOf(Check.InSync.class);
    assertThat(check.notes())
        .singleElement()
        .satisfies(it -> assertThat(it).contains("metallb-system:old").doesNotContain("Namespace"));
  }

  private static Manifest service(String namespace, String name, String annotation) {
    return Manifest.of(
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "Service",
            "metadata",
            Map.of(
                "name", name,
                "namespace", namespace,
                "annotations", Map.of(annotation, "default")),
            "spec",
            Map.of("type", "LoadBalancer")));
  }

  @Test
  void aWebhookThatCannotAnswerYetIsWaitedFor() throws Exception {
    webhook("");
    assertThat(check(new MetallbPools(false)))
        .isInstanceOfSatisfying(
            Check.NotYet.class, it -> assertThat(it.awaited()).contains("webhook"));
  }

  @Test
  void aPlanOfAnEmptyClusterShowsThePool() throws Exception {
    assertThat(check(new MetallbPools(false)))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            drift ->
                assertThat(drift.changes().toString())
                    .contains("IPAddressPool metallb-system/default", "L2Advertisement"));
  }

  @Test
  void withoutAddressesNothingIsAskedOrDone() throws Exception {
    var it = Cases.cluster("v1.36.4+k3s1", Cluster.Cni.FLANNEL, Map.of());
    var hosts = new Host[] {Cases.server(1)};
    inventory = Cases.inventory(without(it), hosts);
    for (var step : List.of(new Metallb(false), new MetallbPools(false))) {
      var target = new Target.OnCluster(inventory);
      assertThat(((Step<Target.OnCluster>) step).needs(target)).isEmpty();
      assertThat(check((Step<Target.OnCluster>) step)).isInstanceOf(Check.Skipped.class);
    }
    var desk = new Target.OnDesk(inventory);
    assertThat(new MetallbManifest().probes(desk)).isEqualTo(Probes.NONE);
    assertThat(new MetallbManifest().provides(desk)).isEmpty();
  }

  private static Cluster without(Cluster it) {
    return changed(it, it.distribution(), Sections.NONE);
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

  private void webhook(String authority) {
    var client =
        authority.isEmpty()
            ? Map.<String, Object>of()
            : Map.<String, Object>of("caBundle", authority);
    cluster.apply(
        Manifest.of(
            Map.of(
                "apiVersion", WEBHOOK.apiVersion(),
                "kind", WEBHOOK.kind(),
                "metadata", Map.of("name", WEBHOOK.name()),
                "webhooks", List.of(Map.of("name", "a", "clientConfig", client)))),
        "controller",
        false);
    assertThat(cluster.find(WEBHOOK)).isNotEqualTo(Optional.empty());
  }
}

package io.provision.steps.kubernetes.unattended;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterChange;
import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.kube.comparison.Previews;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Cases;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The objects of a rotation that runs in the cluster: put there, kept, and taken away. */
final class RotationObjectsTest {
  private static final ObjectRef NAMESPACE = ObjectRef.of("v1", "Namespace", "there");
  private static final ObjectRef CONFIG = in("ConfigMap", "ours");
  private static final ObjectRef JANITOR = in("ConfigMap", "janitor");

  private final FakeCluster cluster = new FakeCluster();
  private final FakeApi api = new FakeApi(cluster);
  private final Target.OnCluster target =
      new Target.OnCluster(
          Cases.inventory(
              Cases.cluster("v1.36.4+k3s1", io.provision.model.Cluster.Cni.FLANNEL, Map.of()),
              Cases.server(1)));

  private static ObjectRef in(String kind, String name) {
    return new ObjectRef("v1", kind, Optional.of("there"), name);
  }

  private static Manifest manifest(ObjectRef ref, Map<String, String> labels, String value) {
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("name", ref.name());
    ref.namespace().ifPresent(it -> metadata.put("namespace", it));
    metadata.put("labels", labels);
    var object = new LinkedHashMap<String, Object>();
    object.put("apiVersion", ref.apiVersion());
    object.put("kind", ref.kind());
    object.put("metadata", metadata);
    if (ref.kind().equals("ConfigMap")) {
      object.put("data", Map.of("value", value));
    }
    return Manifest.of(object);
  }

  private static Manifest ours(ObjectRef ref) {
    return manifest(ref, OurObjects.LABELS, "1");
  }

  private static RotationObjects there() {
    return new RotationObjects(List.of(ours(NAMESPACE), ours(CONFIG)), List.of(JANITOR));
  }

  private static RotationObjectsGone gone() {
    return new RotationObjectsGone(List.of(CONFIG, JANITOR), NAMESPACE);
  }

  private Check check(Step<Target.OnCluster> step) throws Exception {
    var seen = new Observations.Builder();
    Previews.added(api.view(), api.view().look(step.probes(target).cluster())).forEach(seen::put);
    return step.check(target, seen.build(), new Cases.Settled());
  }

  private List<String> done(Step<Target.OnCluster> step) throws Exception {
    if (check(step) instanceof Check.Drift(var changes, Repair.OnCluster(var all), Observed _)) {
      for (var change : all) {
        api.change(change);
      }
      return changes.stream().map(it -> it.action() + " " + it.subject()).toList();
    }
    return List.of();
  }

  @Test
  void theyArePutThereAndThenInOrder() throws Exception {
    assertThat(done(there()))
        .containsExactly("CREATE Namespace there", "CREATE ConfigMap there/ours");
    assertThat(check(there())).isInstanceOf(Check.InSync.class);
  }

  @Test
  void whatAnEarlierOneHadBesidesGoes() throws Exception {
    var _ = done(there());
    api.change(new ClusterChange.Apply(ours(JANITOR), false));
    assertThat(check(there()))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it ->
                assertThat(it.changes())
                    .extracting(Change::subject)
                    .containsExactly("ConfigMap there/janitor"));
  }

  /** One that somebody else has made is used as it is, and stays. */
  @Test
  void theNamespaceOfSomebodyElseStaysHis() throws Exception {
    cluster.apply(manifest(NAMESPACE, Map.of("team", "a"), ""), "kubectl", false);
    assertThat(done(there())).containsExactly("CREATE ConfigMap there/ours");
    assertThat(done(gone())).containsExactly("REMOVE ConfigMap there/ours");
    assertThat(check(gone())).isInstanceOf(Check.InSync.class);
    assertThat(cluster.find(NAMESPACE)).isPresent();
  }

  @Test
  void whatIsNotOursIsRefusedAndNotTaken() throws Exception {
    cluster.apply(manifest(CONFIG, Map.of("team", "a"), "2"), "kubectl", false);
    assertThat(check(there()))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).isEqualTo("ConfigMap there/ours is there, and not ours"));
    assertThat(done(gone())).isEmpty();
    assertThat(cluster.find(CONFIG)).isPresent();
  }

  @Test
  void theyGoWithTheirNamespaceAndNothingIsLeft() throws Exception {
    var _ = done(there());
    assertThat(done(gone()))
        .containsExactly("REMOVE ConfigMap there/ours", "REMOVE Namespace there");
    assertThat(check(gone())).isInstanceOf(Check.InSync.class);
    assertThat(cluster.find(NAMESPACE)).isEmpty();
  }

  /** It would go with the namespace. */
  @Test
  void whereSomebodyElseHasSomethingInTheNamespaceItStays() throws Exception {
    var _ = done(there());
    var other = manifest(in("ConfigMap", "theirs"), Map.of(), "2");
    cluster.apply(other, "kubectl", false);
    assertThat(done(gone())).containsExactly("REMOVE ConfigMap there/ours");
    assertThat(check(gone()))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it ->
                assertThat(it.observed().toString())
                    .contains("the namespace there stays", "theirs"));
    assertThat(cluster.find(NAMESPACE)).isPresent();
  }
}

package io.provision.kube.comparison;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.FakeCluster;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.Preview;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Whatever is declared: what server-side apply made of it is in sync, and only that. */
class ComparisonProperties {
  @Property(tries = 300)
  void whatWasAppliedIsInSync(@ForAll("specs") Map<String, Object> spec) {
    var cluster = new FakeCluster();
    var manifest = manifest(spec);
    assertThat(cluster.apply(manifest, Manifest.MANAGER, false)).isEmpty();
    var comparison = Comparison.of(manifest, cluster.live(manifest.ref()));
    assertThat(comparison.differences()).isEmpty();
    assertThat(comparison.seen()).isEqualTo(manifest.content());
  }

  @Property(tries = 300)
  void fromOneDeclarationToAnotherOneApplyIsEnough(
      @ForAll("specs") Map<String, Object> before, @ForAll("specs") Map<String, Object> after) {
    var cluster = new FakeCluster();
    cluster.apply(manifest(before), Manifest.MANAGER, false);
    var wanted = manifest(after);
    var first = Comparison.of(wanted, cluster.live(wanted.ref()));
    if (manifest(before).content().equals(wanted.content())) {
      assertThat(first.isInSync()).isTrue();
    }
    assertThat(cluster.apply(wanted, Manifest.MANAGER, true)).isEmpty();
    assertThat(Comparison.of(wanted, cluster.live(wanted.ref())).differences()).isEmpty();
  }

  @Property(tries = 200)
  void whateverTheApiFillsInIsInSyncOnceItWasAsked(@ForAll("specs") Map<String, Object> spec) {
    var cluster = new FakeCluster();
    var manifest = manifest(spec);
    cluster.apply(manifest, Manifest.MANAGER, false);
    var live = cluster.live(manifest.ref());
    var would = new Preview.Would(LiveObject.of(cluster.dryRun(manifest, Manifest.MANAGER)));
    assertThat(Comparison.of(manifest, live, would).differences()).isEmpty();
    assertThat(cluster.live(manifest.ref())).isEqualTo(live);
  }

  @Property(tries = 200)
  void aKeyThatSomebodyAddsToAWholeValueIsNeverMissed(@ForAll("specs") Map<String, Object> spec) {
    var cluster = new FakeCluster();
    var all = new LinkedHashMap<>(spec);
    all.put("rules", List.of(spec));
    var manifest = manifest(all);
    cluster.apply(manifest, Manifest.MANAGER, false);
    var edited = new LinkedHashMap<>(spec);
    edited.put("foreign", 1);
    cluster.update(manifest.ref(), "kubectl-edit", List.of(edited), "f:spec", "f:rules");
    var live = cluster.live(manifest.ref());
    assertThat(Comparison.mayDiffer(manifest, live)).isTrue();
    var would = new Preview.Would(LiveObject.of(cluster.dryRun(manifest, Manifest.MANAGER)));
    assertThat(Comparison.of(manifest, live, would).isInSync()).isFalse();
  }

  @Property(tries = 300)
  void aChangedValueIsNeverMissed(@ForAll("specs") Map<String, Object> spec) {
    var cluster = new FakeCluster();
    cluster.apply(manifest(spec), Manifest.MANAGER, false);
    var other = new LinkedHashMap<>(spec);
    other.put("marked", "now");
    var wanted = manifest(other);
    assertThat(Comparison.of(wanted, cluster.live(wanted.ref())).isInSync()).isFalse();
  }

  @Property(tries = 500)
  void anyAnswerGivesAComparison(
      @ForAll("values") Object wanted,
      @ForAll("values") Object live,
      @ForAll("values") Object fields) {
    var raw = new LinkedHashMap<String, Object>(manifest(Map.of("x", live)).content());
    raw.put(
        "metadata",
        Map.of(
            "name",
            "it",
            "managedFields",
            List.of(Map.of("manager", "provision", "fieldsV1", fields))));
    var comparison = Comparison.of(manifest(Map.of("x", wanted)), LiveObject.of(raw));
    if (comparison.isInSync()) {
      assertThat(comparison.seen()).isEqualTo(manifest(Map.of("x", wanted)).content());
    }
  }

  private static Manifest manifest(Map<String, Object> spec) {
    return Manifest.of(
        Map.of(
            "apiVersion", "v1", "kind", "Thing", "metadata", Map.of("name", "it"), "spec", spec));
  }

  @Provide
  Arbitrary<Map<String, Object>> specs() {
    return Arbitraries.maps(keys(), value(3)).ofMaxSize(4);
  }

  @Provide
  Arbitrary<Object> values() {
    return value(3);
  }

  private static Arbitrary<String> keys() {
    return Arbitraries.of("a", "b", "limits", "f:a", ".", "k:{}", "name", "selector");
  }

  private static Arbitrary<Object> value(int depth) {
    var scalars =
        Arbitraries.oneOf(
            Arbitraries.of("x", "", "1Gi", "1024Mi", "\"\\").map(Object.class::cast),
            Arbitraries.integers().between(0, 3).map(Object.class::cast),
            Arbitraries.of(true, false).map(Object.class::cast));
    if (depth == 0) {
      return scalars;
    }
    var maps = Arbitraries.maps(keys(), value(depth - 1)).ofMaxSize(3).map(Object.class::cast);
    var lists = value(depth - 1).list().ofMaxSize(3).map(Object.class::cast);
    return Arbitraries.oneOf(scalars, maps, lists, containers(depth).map(Object.class::cast));
  }

  private static Arbitrary<Map<String, Object>> containers(int depth) {
    var container =
        Combinators.combine(Arbitraries.of("one", "two", "three"), value(depth - 1))
            .as((name, value) -> Map.of("name", name, "image", value));
    return container
        .list()
        .ofMaxSize(3)
        .uniqueElements(it -> it.get("name"))
        .map(list -> Map.of("containers", list));
  }
}

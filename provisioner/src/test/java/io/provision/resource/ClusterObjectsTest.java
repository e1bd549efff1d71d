package io.provision.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterChange;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.DeclaredObject;
import io.provision.kube.FakeCluster;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Repair;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Whose fields become ours. */
final class ClusterObjectsTest {
  private static final String OURS = "provision";
  private final FakeCluster cluster = new FakeCluster();

  private static Manifest settings(String colour) {
    return Manifest.of(
        Map.of(
            "apiVersion",
            "v1",
            "kind",
            "ConfigMap",
            "metadata",
            Map.of("name", "settings", "namespace", "default"),
            "data",
            Map.of("colour", colour)));
  }

  private Check check(boolean adopts) {
    var manifest = settings("blue");
    var live = cluster.find(manifest.ref()).map(LiveObject::of);
    var seen =
        new Observations.Builder()
            .put(new ClusterQuestion.Declared(manifest), new DeclaredObject(live))
            .build();
    return new ClusterObjects(List.of(manifest), false, adopts).check(seen);
  }

  @Test
  void whatSomebodyAppliedByHandIsTakenOverTheFirstTimeWhereItMayBe() {
    for (var typed : List.of("kubectl-client-side-apply", "kubectl-create", "kubectl")) {
      var fresh = new ClusterObjectsTest();
      fresh.cluster.apply(settings("red"), typed, false);
      assertThat(fresh.check(true))
          .as(typed)
          .isInstanceOfSatisfying(
              Check.Drift.class,
              drift -> {
                assertThat(drift.changes().toString()).contains("red", "blue");
                assertThat(((Repair.OnCluster) drift.repair()).changes())
                    .containsExactly(new ClusterChange.Apply(settings("blue"), true));
              });
      assertThat(fresh.check(false)).as(typed).isInstanceOf(Check.Refused.class);
    }
  }

  @Test
  void whatSomebodyChangesLaterIsLeftToThem() {
    cluster.apply(settings("blue"), OURS, false);
    assertThat(check(true)).isInstanceOf(Check.InSync.class);
    cluster.apply(settings("red"), "kubectl-client-side-apply", true);
    cluster.update(settings("red").ref(), OURS, "x", "f:data", "f:other");
    assertThat(check(true)).isInstanceOf(Check.Refused.class);
  }

  @Test
  void whatAProgramKeepsIsLeftToIt() {
    cluster.apply(settings("red"), "helm", false);
    assertThat(check(true))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("belongs to helm"));
  }
}

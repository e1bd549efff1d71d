package io.provision.steps.kubernetes.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.LiveObject;
import io.provision.model.Inventory;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Cases;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who else is found that reboots nodes, by what a cluster has. */
final class OtherRebootersTest {
  private final Inventory inventory = Cases.inventory(Cases.server(1), Cases.agent(1));

  private static LiveObject workload(String kind, String name, Object replicas, Object image) {
    var containers = new ArrayList<Object>();
    containers.add("garbage");
    containers.add(Map.of("name", "sidecar"));
    containers.add(Map.of("name", "c", "image", image));
    return LiveObject.of(
        Map.of(
            "apiVersion",
            "apps/v1",
            "kind",
            kind,
            "metadata",
            Map.of("namespace", "system", "name", name),
            "spec",
            Map.of(
                "replicas",
                replicas,
                "template",
                Map.of("spec", Map.of("containers", containers)))));
  }

  private static LiveObject plan(String name) {
    return LiveObject.of(
        Map.of(
            "apiVersion",
            "upgrade.cattle.io/v1",
            "kind",
            "Plan",
            "metadata",
            Map.of("namespace", "system", "name", name)));
  }

  private List<Rebooters.Rebooter> found(
      List<LiveObject> daemonSets, List<LiveObject> deployments, List<LiveObject> plans) {
    var step = new OtherRebooters();
    var target = new Target.OnCluster(inventory);
    var seen =
        new Observations.Builder()
            .put(OtherRebooters.DAEMON_SETS, daemonSets)
            .put(OtherRebooters.DEPLOYMENTS, deployments)
            .put(OtherRebooters.PLANS, plans)
            .build();
    assertThat(step.probes(target).cluster())
        .containsExactlyInAnyOrder(
            OtherRebooters.DAEMON_SETS, OtherRebooters.DEPLOYMENTS, OtherRebooters.PLANS);
    var check = (Check.InSync) step.check(target, seen, Known.NOTHING);
    return OtherRebooters.FOUND
        .type()
        .cast(check.observed().values().get(OtherRebooters.FOUND))
        .all();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "kured",
        "ghcr.io/kubereboot/kured:1.17.0",
        "mirror.example:5000/a/kured@sha256:0123",
        "kured:latest"
      })
  void kuredIsFoundByItsImageWhateverItIsCalled(String image) {
    assertThat(found(List.of(workload("DaemonSet", "reboots", 1, image)), List.of(), List.of()))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.who()).isEqualTo("kured (DaemonSet system/reboots)");
          assertThat(it.remedy()).contains("kubectl -n system delete daemonset reboots");
        });
  }

  @ParameterizedTest
  @ValueSource(strings = {"not-kured", "kured-exporter:1", "kured/other:1", "", "a/kuredx"})
  void whatIsCalledAlikeIsNot(String image) {
    assertThat(found(List.of(workload("DaemonSet", "kured", 1, image)), List.of(), List.of()))
        .isEmpty();
  }

  @Test
  void theUpgradeControllerIsOneOnceItHasPlansAndRuns() {
    var image = "rancher/system-upgrade-controller:v0.16.0";
    var runs = List.of(workload("Deployment", "suc", 1, image));
    assertThat(found(List.of(), runs, List.of())).isEmpty();
    var scaledDown = List.of(workload("Deployment", "suc", 0, image));
    assertThat(found(List.of(), scaledDown, List.of(plan("p")))).isEmpty();
    assertThat(found(List.of(), List.of(), List.of(plan("p")))).isEmpty();
    assertThat(found(List.of(), runs, List.of(plan("a"), plan("b"), plan("c"), plan("d"))))
        .singleElement()
        .satisfies(it -> {
          assertThat(it.who())
              .isEqualTo(
                  "system-upgrade-controller (Deployment system/suc, by 4 Plans: a, b, c, ...)");
          assertThat(it.remedy()).contains("kubectl -n system scale deployment suc --replicas=0");
        });
  }

  @Test
  void imagesThatAreNoTextAreNobody() {
    assertThat(found(List.of(workload("DaemonSet", "x", 1, 7)), List.of(), List.of())).isEmpty();
  }
}

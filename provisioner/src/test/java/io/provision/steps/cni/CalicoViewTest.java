package io.provision.steps.cni;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ObjectStates;
import io.provision.kube.ObjectStates.State;
import io.provision.model.Cluster;
import io.provision.model.Inventory;
import io.provision.step.ClusterAccess;
import io.provision.step.Observed;
import io.provision.step.StatusView;
import io.provision.steps.kubernetes.Cases;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What people read of Calico: what its operator says of each part, and its pools. */
class CalicoViewTest {
  private static final Inventory INVENTORY = of(Cluster.Cni.CALICO);

  private static Inventory of(Cluster.Cni cni) {
    return Cases.inventory(Cases.cluster("v1.36.4+k3s1", cni, Map.of()), Cases.server(1));
  }

  private static Map<String, Object> condition(String type, String status, String message) {
    return Map.of("type", type, "status", status, "message", message);
  }

  private static List<StatusView.Rows> tables(ObjectStates parts, ObjectStates pools) {
    var observed = Optional.of(Observed.of(CalicoState.SEEN, new CalicoState.Seen(parts, pools)));
    return new CalicoView()
        .tables(INVENTORY, new StatusView.Seen(Map.of(), observed, true, Map.of()));
  }

  @Test
  void everyPartIsShownWithWhatItsOperatorSaysAndEveryPool() {
    var well =
        new State(
            Optional.empty(),
            "ippools",
            Map.of(),
            Map.of("conditions", List.of(condition("Available", "True", "All objects available"))));
    var ill =
        new State(
            Optional.empty(),
            "calico",
            Map.of(),
            Map.of(
                "conditions",
                List.of(
                    condition("Available", "False", "no"),
                    condition("Degraded", "True", "Error with images of calico-node"))));
    var pool =
        new State(
            Optional.empty(),
            "default-ipv4-ippool",
            Map.of("cidr", "10.42.0.0/16", "vxlanMode", "Always", "disabled", true),
            Map.of());
    var tables =
        tables(
            new ObjectStates.Seen(List.of(well, ill), true),
            new ObjectStates.Seen(List.of(pool), true));
    assertThat(tables.getFirst().rows())
        .containsExactly(
            List.of("ippools", "yes", ""),
            List.of("calico", "no", "Error with images of calico-node"));
    assertThat(tables.getLast().rows())
        .containsExactly(
            List.of("default-ipv4-ippool", "10.42.0.0/16", "VXLAN Always, IPIP Never", "no"));
  }

  @Test
  void whatDoesNotAnswerIsUnknown() {
    var tables = tables(new ObjectStates.Unheard("timed out"), new ObjectStates.Unheard("x"));
    assertThat(tables).hasSize(1);
    assertThat(tables.getFirst().rows().toString()).contains("unknown", "timed out");
  }

  @Test
  void onlyAClusterOfCalicoIsAsked() {
    Set<io.provision.step.Output<?>> api = Set.of(ClusterAccess.OUTPUT);
    assertThat(new CalicoView().asks(INVENTORY, api)).hasSize(1);
    assertThat(new CalicoView().asks(INVENTORY, Set.of())).isEmpty();
    assertThat(new CalicoView().asks(of(Cluster.Cni.FLANNEL), api)).isEmpty();
  }
}

package io.provision.steps.cni;

import io.provision.kube.ObjectStates;
import io.provision.model.Cluster;
import io.provision.model.Inventory;
import io.provision.step.ClusterAccess;
import io.provision.step.Output;
import io.provision.step.StatusView;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Calico on the screen of a status: what its operator says of each part, and its pools. */
public final class CalicoView implements StatusView {
  private static final String UNKNOWN = "unknown";

  @Override
  public List<Ask> asks(Inventory inventory, Set<Output<?>> provided) {
    return isWanted(inventory) && provided.contains(ClusterAccess.OUTPUT)
        ? List.of(new Ask.OnCluster("status of Calico", "calico-state", CalicoState.LOOK))
        : List.of();
  }

  private static boolean isWanted(Inventory inventory) {
    return inventory
        .cluster()
        .filter(it -> it.distribution().isKubernetes())
        .filter(it -> it.network().cni() == Cluster.Cni.CALICO)
        .isPresent();
  }

  /** Nothing where the API was not asked, and no pools where it is not heard: others say why. */
  @Override
  public List<Rows> tables(Inventory inventory, Seen seen) {
    var state = seen.cluster().map(it -> it.values().get(CalicoState.SEEN));
    return state.isPresent() && state.get() instanceof CalicoState.Seen(var parts, var pools)
        ? pools instanceof ObjectStates.Seen(var all, _)
            ? List.of(parts(parts), pools(all))
            : List.of(parts(parts))
        : List.of();
  }

  private static Rows parts(ObjectStates parts) {
    var header = List.of("calico", "available", "why");
    return switch (parts) {
      case ObjectStates.Unheard(var why) ->
          new Rows("network of pods", header, List.of(List.of(UNKNOWN, UNKNOWN, why)));
      case ObjectStates.Seen(var all, _) ->
          new Rows("network of pods", header, all.stream().map(CalicoView::part).toList());
    };
  }

  private static List<String> part(ObjectStates.State part) {
    var available = "unknown";
    var said = new LinkedHashSet<String>();
    if (part.status().get("conditions") instanceof List<?> conditions) {
      for (var each : conditions) {
        if (each instanceof Map<?, ?> condition) {
          var isTrue = "True".equals(condition.get("status"));
          if ("Available".equals(condition.get("type"))) {
            available = isTrue ? "yes" : "no";
          } else if (isTrue && condition.get("message") instanceof String message) {
            said.add(message);
          }
        }
      }
    }
    return List.of(part.name(), available, String.join("; ", said));
  }

  private static Rows pools(List<ObjectStates.State> pools) {
    return new Rows(
        "addresses of pods",
        List.of("pool", "addresses", "encapsulation", "given out"),
        pools.stream().map(CalicoView::pool).toList());
  }

  private static List<String> pool(ObjectStates.State pool) {
    var spec = pool.spec();
    return List.of(
        pool.name(),
        String.valueOf(spec.getOrDefault("cidr", "")),
        "VXLAN %s, IPIP %s"
            .formatted(
                spec.getOrDefault("vxlanMode", "Never"), spec.getOrDefault("ipipMode", "Never")),
        Boolean.TRUE.equals(spec.get("disabled")) ? "no" : "yes");
  }
}

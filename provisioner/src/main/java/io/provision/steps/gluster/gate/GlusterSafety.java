package io.provision.steps.gluster.gate;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.SafetyCheck;
import io.provision.step.Target;
import io.provision.steps.gluster.declared.GlusterStorage;
import io.provision.steps.gluster.pool.DeclaredStorage;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The gate of GlusterFS, asked by itself. */
public final class GlusterSafety implements SafetyCheck {
  private static final GlusterHealth HEALTH = new GlusterHealth(false);

  @Override
  public Optional<String> nothing(Inventory inventory) {
    return inventory.cluster().filter(it -> !GlusterStorage.of(it).volumes().isEmpty()).isEmpty()
        ? Optional.of("the inventory has no gluster volumes")
        : Optional.empty();
  }

  @Override
  public List<Host> members(Inventory inventory) {
    return inventory.with(Role.STORAGE);
  }

  /** What is asked of each storage host, for {@link #missing}. */
  public static Map<Host, Probes> asked(Inventory inventory) {
    var asked = new LinkedHashMap<Host, Probes>();
    for (var host : DeclaredStorage.storage(inventory)) {
      asked.put(host, HEALTH.probes(new Target.OnHost(host, inventory)));
    }
    return asked;
  }

  /**
   * Why the pool is not healthy, as these answers tell; empty where it is.
   *
   * @param without the host that is to be taken down
   */
  public static List<String> missing(
      Inventory inventory,
      Optional<HostName> without,
      Map<HostName, Observations> seen,
      Map<HostName, String> never) {
    return GlusterGate.check(view(inventory, seen, never), without).reasons();
  }

  private static GlusterGate.View view(
      Inventory inventory, Map<HostName, Observations> seen, Map<HostName, String> never) {
    var health = new LinkedHashMap<HostName, GlusterHealth.Seen>();
    for (var host : DeclaredStorage.storage(inventory)) {
      var answers = seen.get(host.name());
      if (answers != null) {
        health.put(host.name(), HEALTH.seen(new Target.OnHost(host, inventory), answers));
      }
    }
    return GlusterGate.View.of(inventory, health, never);
  }

  /** How many entries of all volumes wait to be healed; empty where that is not known of one. */
  public static Optional<Long> unhealed(Inventory inventory, Map<HostName, Observations> seen) {
    return GlusterGate.unhealed(view(inventory, seen, Map.of()));
  }

  @Override
  public List<Named> asks(Optional<HostName> without) {
    return List.of(
        new Named("gluster-health", new GlusterHealth(false)),
        new Named("gluster-gate", new GlusterGateStep(without)));
  }
}

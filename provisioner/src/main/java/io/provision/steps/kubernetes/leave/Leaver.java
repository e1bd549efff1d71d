package io.provision.steps.kubernetes.leave;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Departure;
import io.provision.step.Orphan;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** Who leaves, and as what a plan names that. */
final class Leaver {
  private static final String CLUSTER = "cluster";

  private Leaver() {}

  static boolean isLeaving(Target.OnHost target) {
    return isLeaving(target.inventory(), target.host().name());
  }

  static boolean isLeaving(Inventory inventory, HostName name) {
    return inventory.leaving().stream().map(Host::name).anyMatch(name::equals);
  }

  /** Whether no node is to stay: then the cluster goes, by its own name. */
  static boolean isCluster(Target target) {
    return Nodes.all(target.inventory()).isEmpty();
  }

  static boolean isCluster(Orphan orphan) {
    return orphan.kind().equals(CLUSTER);
  }

  /** Nobody would be left who could take it out, or has what it has: it is the cluster. */
  static Optional<Check> refusal(Target target) {
    return Nodes.servers(target.inventory()).isEmpty() && !isCluster(target)
        ? Optional.of(
            new Check.Refused(
                "no control plane would stay: it is the cluster",
                "give another host that role and apply that first; or 'provision reset' for all"))
        : Optional.empty();
  }

  static Orphan orphan(Target.OnHost target) {
    return isCluster(target)
        ? new Orphan(CLUSTER, target.cluster().name())
        : Orphan.host(target.host().name().value());
  }

  /** What leaves a host that is still logged in to. */
  static Departure departure(
      Target.OnHost target, List<Change> changes, Check removal, String begun, String aftermath) {
    return new Departure(
        Set.of(orphan(target)),
        changes,
        removal,
        begun,
        aftermath,
        isCluster(target) ? "no node is to stay" : target.host().name() + " is to leave");
  }
}

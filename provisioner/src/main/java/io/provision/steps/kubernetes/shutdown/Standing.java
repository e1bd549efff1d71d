package io.provision.steps.kubernetes.shutdown;

import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Output;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.NodeUpkeep;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.ServerAccess;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Who is what while a cluster goes down or comes up, and who has to come before. */
final class Standing {
  /** What a Node says that is out of use by a shutdown. */
  static final String CLAIM = "stop";

  private Standing() {}

  /** The nodes of the cluster; none without Kubernetes. */
  static List<Host> nodes(Inventory inventory) {
    return inventory.cluster().filter(it -> it.distribution().isKubernetes()).isPresent()
        ? Nodes.all(inventory)
        : List.of();
  }

  static boolean isNode(Target.OnHost target) {
    return nodes(target.inventory()).contains(target.host());
  }

  static boolean isServer(Target.OnHost target) {
    return isNode(target) && Nodes.isServer(target.host());
  }

  static List<Host> servers(Inventory inventory) {
    return nodes(inventory).stream().filter(Nodes::isServer).toList();
  }

  static List<Host> agents(Inventory inventory) {
    return nodes(inventory).stream().filter(host -> !Nodes.isServer(host)).toList();
  }

  /** Why this host waits in vain; empty where it does not. */
  static Optional<Check> held(Known known, Output<?> before) {
    return known.never(before).entrySet().stream()
        .findFirst()
        .map(it -> new Check.Skipped("it waits for %s (%s)".formatted(it.getKey(), it.getValue())));
  }

  private static ShutdownPhase found(Known known, Host host) {
    var mark = known.all(ShutdownMark.FOUND).get(host.name());
    return mark == null ? ShutdownPhase.NONE : mark.phase();
  }

  /** Who has something to begin again, in the order of the inventory, as the run found them. */
  static List<Host> out(Inventory inventory, Known known) {
    var found = known.all(ShutdownMark.FOUND);
    return inventory.hosts().stream()
        .filter(host -> found.containsKey(host.name()) && found.get(host.name()).isOut())
        .toList();
  }

  /** Whether a shutdown was begun before this run. */
  static boolean isBegun(Known known) {
    return known.all(ShutdownMark.FOUND).values().stream().anyMatch(mark -> !mark.isNone());
  }

  /**
   * The API by the server that was least far down when the run began, its own where that is one:
   * what still has pods has an API.
   */
  static ClusterAccess access(Target.OnHost target, Known known, Distributions distributions) {
    var least =
        servers(target.inventory()).stream()
            .min(
                Comparator.comparing((Host host) -> found(known, host))
                    .thenComparing(host -> !host.equals(target.host())))
            .orElseThrow();
    return access(least, target, known, distributions);
  }

  /** The API by this server. */
  static ClusterAccess access(
      Host server, Target.OnHost target, Known known, Distributions distributions) {
    return ServerAccess.of(
        new Target.OnHost(server, target.inventory()),
        known,
        distributions.of(target),
        Optional.empty());
  }

  static NodeUpkeep upkeep(Target.OnHost target, ClusterAccess access) {
    return new NodeUpkeep(target.host().name(), access, ShutdownMark.FILE, CLAIM);
  }
}

package io.provision.steps.k3s;

import io.provision.model.Host;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Target;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * How a server comes into the cluster. There is one rule against two clusters in the place of one:
 * it begins only when every server was looked at and none holds one, and only on the first.
 */
final class ClusterInit {
  private ClusterInit() {}

  /** Why no cluster may begin on this host; empty where it may. */
  static Optional<Check> refusal(Target.OnHost target, Known known) {
    var unseen = known.never(K3s.STATE);
    if (!unseen.isEmpty()) {
      return Optional.of(
          new Check.Refused(
              "no cluster is begun here while %s could hold one already (%s)"
                  .formatted(
                      unseen.keySet().stream()
                          .map(Object::toString)
                          .collect(Collectors.joining(", ")),
                      String.join("; ", unseen.values())),
              "make every server reachable, or take the one that is gone out of the inventory"));
    }
    var holder = holder(target, known);
    if (holder.isPresent()) {
      return Optional.of(
          new Check.Refused(
              "%s holds the cluster and does not answer".formatted(holder.get()),
              "this run may fix it: run again once 'k3s.service' runs there"));
    }
    var first = K3s.servers(target.inventory()).getFirst();
    return first.equals(target.host())
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "the cluster begins on %s, and it did not".formatted(first),
                "look at what went wrong there, then run again"));
  }

  /** A server through which this one can join: one that answers. */
  static Optional<Host> joinServer(Target.OnHost target, Known known) {
    return K3s.servers(target.inventory()).stream()
        .filter(server -> !server.equals(target.host()))
        .filter(server -> answers(server, known))
        .findFirst();
  }

  /** A server that comes before this one and is not up yet, as long as a plan looks ahead. */
  static Optional<Host> expected(Target.OnHost target, Known known) {
    return K3s.before(target).stream()
        .filter(server -> !known.all(K3s.SERVER_UP).containsKey(server.name()))
        .filter(server -> !known.never(K3s.SERVER_UP).containsKey(server.name()))
        .findFirst();
  }

  private static boolean answers(Host server, Known known) {
    var state = known.all(K3s.STATE).get(server.name());
    return known.all(K3s.SERVER_UP).containsKey(server.name())
        || state != null && state.holdsCluster() && state.answers();
  }

  private static Optional<Host> holder(Target.OnHost target, Known known) {
    return K3s.servers(target.inventory()).stream()
        .filter(server -> !server.equals(target.host()))
        .filter(server -> {
          var state = known.all(K3s.STATE).get(server.name());
          return state != null && state.holdsCluster();
        })
        .findFirst();
  }
}

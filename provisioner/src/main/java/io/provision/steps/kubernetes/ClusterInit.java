package io.provision.steps.kubernetes;

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
public final class ClusterInit {
  private ClusterInit() {}

  /** Why no cluster may begin on this host; empty where it may. */
  public static Optional<Check> refusal(
      Target.OnHost target, Known known, Distribution distribution) {
    var unseen = known.never(Nodes.STATE);
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
              "this run may fix it: run again once '%s' runs there"
                  .formatted(distribution.unit(holder.get()))));
    }
    var first = Nodes.servers(target.inventory()).getFirst();
    return first.equals(target.host())
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "the cluster begins on %s, and it did not".formatted(first),
                "look at what went wrong there, then run again"));
  }

  /** A server through which this one can join: one that answers. */
  public static Optional<Host> joinServer(Target.OnHost target, Known known) {
    return Nodes.servers(target.inventory()).stream()
        .filter(server -> !server.equals(target.host()))
        .filter(server -> answers(server, known))
        .findFirst();
  }

  /**
   * Why this one does not join now: the server that it would join through runs an older version,
   * whose turn to be upgraded comes later.
   */
  public static Optional<Check> olderCluster(Target.OnHost target, Known known) {
    var wanted = Nodes.version(target);
    return joinServer(target, known)
        .filter(server -> !Nodes.before(target).contains(server))
        .flatMap(server -> Optional.ofNullable(known.all(Nodes.STATE).get(server.name())))
        .flatMap(NodeState::version)
        .filter(has -> has.compareTo(wanted) < 0)
        .map(has ->
            new Check.Refused(
                "it would join a cluster of %s, which is upgraded to %s first"
                    .formatted(has, wanted),
                "run again once the others are upgraded; a host that comes after them in the inventory"
                    + " joins in the same run"));
  }

  /** A server that comes before this one and is not up yet, as long as a plan looks ahead. */
  public static Optional<Host> expected(Target.OnHost target, Known known) {
    return Nodes.before(target).stream()
        .filter(server -> !known.all(Nodes.SERVER_UP).containsKey(server.name()))
        .filter(server -> !known.never(Nodes.SERVER_UP).containsKey(server.name()))
        .findFirst();
  }

  private static boolean answers(Host server, Known known) {
    var state = known.all(Nodes.STATE).get(server.name());
    return known.all(Nodes.SERVER_UP).containsKey(server.name())
        || state != null && state.holdsCluster() && state.answers();
  }

  private static Optional<Host> holder(Target.OnHost target, Known known) {
    return Nodes.servers(target.inventory()).stream()
        .filter(server -> !server.equals(target.host()))
        .filter(server -> {
          var state = known.all(Nodes.STATE).get(server.name());
          return state != null && state.holdsCluster();
        })
        .findFirst();
  }
}

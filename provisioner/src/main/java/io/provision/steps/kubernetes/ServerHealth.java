package io.provision.steps.kubernetes;

import io.provision.model.Host;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Target;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** Whether the cluster can spare a server. */
public final class ServerHealth {
  private static final Duration WITHOUT_OTHERS = Duration.ofMinutes(1);

  private ServerHealth() {}

  /**
   * Other servers that are known not to be well: also one that was set up as a server and has no
   * datastore any more, which the others still count as a member.
   */
  public static Set<String> unhealthy(Target.OnHost target, Known known) {
    var unhealthyServers = new TreeSet<String>();
    known.never(Nodes.STATE).keySet().forEach(name -> unhealthyServers.add(name.value()));
    known.never(Nodes.SERVER_UP).keySet().forEach(name -> unhealthyServers.add(name.value()));
    for (Host server : Nodes.servers(target.inventory())) {
      var state = known.all(Nodes.STATE).get(server.name());
      var mended = known.all(Nodes.SERVER_UP).containsKey(server.name());
      if (state != null
          && (state.isDeaf() || state.hasLostItsDatastore())
          && !mended
          && !isComing(server, target, known)) {
        unhealthyServers.add(server.name().value());
      }
    }
    unhealthyServers.remove(target.host().name().value());
    return unhealthyServers;
  }

  /**
   * One that comes before this one and that a plan has not seen to the end: it may be up by then.
   */
  private static boolean isComing(Host server, Target.OnHost target, Known known) {
    return Nodes.before(target).contains(server)
        && !known.never(Nodes.SERVER_UP).containsKey(server.name());
  }

  /**
   * A server that is waited for while so many others cannot be reached that the members that can
   * are no majority: etcd is never ready then, so that nobody waits long for it, and whoever waits
   * knows of it.
   */
  public static Check waiting(Check.NotYet waiting, Known known) {
    var unseen = known.never(Nodes.STATE).keySet();
    var members = known.all(Nodes.STATE).values().stream().filter(NodeState::holdsCluster).count();
    return unseen.isEmpty() || members > unseen.size()
        ? waiting
        : new Check.NotYet(
            "%s without %s (not reached; etcd needs a majority of its members)"
                .formatted(
                    waiting.awaited(),
                    unseen.stream().map(Object::toString).collect(Collectors.joining(", "))),
            WITHOUT_OTHERS,
            waiting.by());
  }
}

package io.provision.steps.kubernetes;

import io.provision.model.Host;
import io.provision.step.Known;
import io.provision.step.Target;
import java.util.Set;
import java.util.TreeSet;

/** Whether the cluster can spare a server. */
public final class ServerHealth {
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
      if (state != null && (state.isDeaf() || state.hasLostItsDatastore()) && !mended) {
        unhealthyServers.add(server.name().value());
      }
    }
    unhealthyServers.remove(target.host().name().value());
    return unhealthyServers;
  }
}

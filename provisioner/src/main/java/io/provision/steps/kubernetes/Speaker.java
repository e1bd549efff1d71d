package io.provision.steps.kubernetes;

import io.provision.model.Host;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Target;
import java.util.Optional;
import java.util.Set;

/**
 * Which server is asked about all nodes, and changes them: the first that is up in this run. Every
 * server looks, so that none has to be there; only then is it known which are up.
 */
final class Speaker {
  private Speaker() {}

  static Set<Need> needs(Target.OnHost target) {
    return Set.of(
        Need.some(Nodes.SERVER_UP, Nodes.servers(target.inventory())),
        Need.some(Nodes.AGENT_UP, Nodes.agents(target.inventory())));
  }

  /** Why another server does this; empty on the one that is asked. */
  static Optional<Check> elsewhere(Target.OnHost target, Known known) {
    var up = known.all(Nodes.SERVER_UP);
    var asked =
        Nodes.servers(target.inventory()).stream()
            .filter(server -> up.containsKey(server.name()))
            .findFirst();
    if (asked.isEmpty()) {
      return Optional.of(
          new Check.Refused("no server is up that could tell", "look at the servers first"));
    }
    return asked.filter(server -> !server.equals(target.host())).map(Speaker::skipped);
  }

  private static Check skipped(Host server) {
    return new Check.Skipped("%s does this for all nodes".formatted(server));
  }
}

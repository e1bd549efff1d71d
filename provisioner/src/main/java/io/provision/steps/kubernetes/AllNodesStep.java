package io.provision.steps.kubernetes;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.step.Check;
import io.provision.step.Group;
import io.provision.step.GroupStep;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Target;
import java.util.Optional;
import java.util.Set;

/**
 * What one server is asked about all nodes, and changes on them: the first that is up in this run.
 * Every server looks, so that none has to be there; only then is it known which are up.
 */
public interface AllNodesStep extends GroupStep {
  @Override
  default Set<Need> needs(Target.OnHost target) {
    return Nodes.areUp(target.inventory());
  }

  @Override
  default Group group(Target.OnHost target) {
    return Group.of(Nodes.servers(target.inventory()));
  }

  @Override
  default Optional<HostName> actor(Target.OnHost target, Known known) {
    return Nodes.servers(target.inventory()).stream()
        .filter(server -> Nodes.isUp(server, known))
        .map(Host::name)
        .findFirst();
  }

  @Override
  default Check besides(Target.OnHost target, Observations seen, Known known, HostName actor) {
    return new Check.Skipped("%s does this for all nodes".formatted(actor));
  }

  @Override
  default Check helpless(Target.OnHost target, Observations seen, Known known) {
    return new Check.Refused("no server is up that could tell", "look at the servers first");
  }

  @Override
  default Check outside(Target.OnHost target, Observations seen, Known known) {
    return actor(target, known)
        .map(actor -> besides(target, seen, known, actor))
        .orElseGet(() -> helpless(target, seen, known));
  }
}

package io.provision.steps.k3s;

import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.Optional;
import java.util.Set;

/** k3s runs as an agent, with the files that are there; it comes once a server answers. */
public record K3sAgent() implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    return new K3sService(target.host(), Optional.empty())
        .probes()
        .and(Probes.of(K3sLooks.BASICS, Files.at(K3s.BINARY)));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Set.of(
        Need.desk(K3s.DIGESTS), Need.any(K3s.SERVER_UP, K3s.servers(target.inventory())));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(K3s.AGENT_UP);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(
        Change.Action.CREATE,
        Change.Action.UPDATE,
        Change.Action.ENABLE,
        Change.Action.START,
        Change.Action.RESTART);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var digest = K3sBinary.digest(seen.of(K3sLooks.BASICS), known);
    var check = new K3sService(target.host(), Optional.of(digest)).check(seen);
    return check instanceof Check.InSync ? new Check.InSync(Observed.of(K3s.AGENT_UP, true)) : check;
  }
}

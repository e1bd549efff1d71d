package io.provision.steps.kubernetes.registration;

import io.provision.model.Host;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import java.util.Set;

/**
 * The cluster hears of a server's own kubelet, whose API server can answer without it: each server
 * waits for its own and says why it does not come, so that nobody else waits for that node. An
 * agent is not up before the cluster has it, so that its own step sees this.
 */
public record NodeRegistered(Distributions distributions) implements Step<Target.OnHost> {

  @Override
  public Probes probes(Target.OnHost target) {
    return Nodes.isServer(target.host()) ? Probes.of(own(target)) : Probes.NONE;
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Nodes.isServer(target.host())
        ? Set.of(Need.all(Nodes.SERVER_UP, List.of(target.host())))
        : Set.of();
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Nodes.isServer(target.host()) ? Set.of(Nodes.REGISTERED) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    Host host = target.host();
    if (!Nodes.isServer(host)) {
      return new Check.Skipped("it is an agent");
    }
    var told = seen.of(own(target));
    return told == Registration.PRESENT
        ? new Check.InSync(Observed.of(Nodes.REGISTERED, true))
        : distributions.of(target).unheard(host, told.awaited(host));
  }

  private Question<Registration> own(Target.OnHost target) {
    return Registration.of(target.host(), distributions.of(target));
  }
}

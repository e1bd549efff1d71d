package io.provision.steps.gluster.gate;

import io.provision.model.HostName;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Parameter;
import io.provision.step.Probes;
import io.provision.step.Target;
import io.provision.steps.gluster.pool.DeclaredStorage;
import io.provision.steps.gluster.pool.PoolStep;
import java.util.Optional;
import java.util.Set;

/**
 * {@code gluster-gate}: the pool is healthy, and stays usable without the host that is named. One
 * storage host says it for all; needs {@code gluster-health} before it. Changes nothing.
 *
 * @param without the host that is to be taken down
 */
public record GlusterGateStep(
    @Parameter(value = "The host that is to be taken down.", usual = "none", example = "w1")
        Optional<HostName> without)
    implements PoolStep {
  /** That all is healthy. */
  public static final Output<GlusterGate> GATE =
      new Output<>("gluster-gate", GlusterGate.class, true);

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return DeclaredStorage.concerns(target)
        ? Set.of(Need.some(GlusterHealth.HEALTH, DeclaredStorage.storage(target.inventory())))
        : Set.of();
  }

  @Override
  public Check helpless(Target.OnHost target, Observations seen, Known known) {
    return new Check.Refused(
        "no storage host told how the pool is", "see the step gluster-health on each of them");
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.NONE;
  }

  @Override
  public Optional<HostName> actor(Target.OnHost target, Known known) {
    return group(target).actor(known.all(GlusterHealth.HEALTH)::containsKey);
  }

  @Override
  public Check act(Target.OnHost target, Observations seen, Known known) {
    var view =
        GlusterGate.View.of(
            target.inventory(), known.all(GlusterHealth.HEALTH), known.never(GlusterHealth.HEALTH));
    var gate = GlusterGate.check(view, without);
    return gate.isHealthy()
        ? new Check.InSync(Observed.of(GATE, gate))
        : new Check.Refused(
            String.join("\n", gate.reasons()),
            "fix what is named and wait for self-heal; then check again");
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return DeclaredStorage.concerns(target) ? Set.of(GATE) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }
}

package io.provision.steps.cni;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.PinnedManifest;
import java.util.Set;

/**
 * {@code calico-manifest}: Calico's two manifests as they are published, pinned on this machine:
 * the definitions of its kinds, and its operator.
 */
public record CalicoManifest() implements Step<Target.OnDesk> {
  private static PinnedManifest definitions(Target.OnDesk target) {
    return PinnedManifest.of(Calico.definitions(target), target.inventory());
  }

  private static PinnedManifest operator(Target.OnDesk target) {
    return PinnedManifest.of(Calico.operator(target), target.inventory());
  }

  @Override
  public Probes probes(Target.OnDesk target) {
    return Calico.isWanted(target)
        ? definitions(target).probes().and(operator(target).probes())
        : Probes.NONE;
  }

  @Override
  public Set<Output<?>> provides(Target.OnDesk target) {
    return Calico.isWanted(target) ? Set.of(Calico.DEFINITIONS, Calico.OPERATOR) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.FETCH);
  }

  @Override
  public Check check(Target.OnDesk target, Observations seen, Known known) {
    return Calico.isWanted(target)
        ? Checks.together(
            definitions(target).check(seen, Calico.DEFINITIONS),
            operator(target).check(seen, Calico.OPERATOR))
        : new Check.Skipped(Calico.NOT_WANTED);
  }
}

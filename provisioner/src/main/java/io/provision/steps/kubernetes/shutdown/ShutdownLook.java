package io.provision.steps.kubernetes.shutdown;

import io.provision.model.Inventory;
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
import java.util.Set;

/**
 * {@code shutdown-look}: how far down each host is as a run begins. All hosts have to say it before
 * anything is done: nothing goes down, or comes up, in part. Changes nothing.
 */
record ShutdownLook() implements Step<Target.OnHost> {
  static Need needed(Inventory inventory) {
    return Need.all(ShutdownMark.FOUND, inventory.hosts());
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(ShutdownMark.QUESTION);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return new Check.InSync(Observed.of(ShutdownMark.FOUND, seen.of(ShutdownMark.QUESTION)));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(ShutdownMark.FOUND);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }
}

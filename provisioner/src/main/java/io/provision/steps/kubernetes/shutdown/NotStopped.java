package io.provision.steps.kubernetes.shutdown;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.Set;

/**
 * {@code not-stopped}: a host that was stopped with its cluster is not begun in part by a run that
 * knows nothing of the order; {@code provision start} brings all of them up. Changes nothing.
 */
public record NotStopped() implements Step<Target.OnHost> {
  public static final String NAME = "not-stopped";

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(ShutdownMark.QUESTION);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var mark = seen.of(ShutdownMark.QUESTION);
    return mark.phase() == ShutdownPhase.NONE
        ? new Check.InSync()
        : new Check.Refused(
            "stopped by 'provision stop'"
                + (mark.since().isEmpty() ? "" : ", begun at " + mark.since()),
            "'provision start' brings the cluster up; where it can never come up as a whole again,"
                + " delete %s on each host, and see 'kubectl uncordon'"
                    .formatted(ShutdownMark.FILE));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }
}

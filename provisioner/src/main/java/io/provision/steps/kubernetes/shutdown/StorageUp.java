package io.provision.steps.kubernetes.shutdown;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.step.outage.Outages;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code start-storage}: what serves volumes runs again, on all hosts at once, since none is whole
 * without the others; a boot may have begun some of it, and whoever begins a volume begins all of
 * its bricks, also those of a host that a killed stop never came to. One of them waits for all
 * until the volumes are whole, and nothing uses them before: those that serve a volume are asked
 * together, and would disturb one another.
 */
record StorageUp(Outages outages) implements Step<Target.OnHost> {
  static final Output<Boolean> SERVES = new Output<>("start-storage", Boolean.class);

  private static final Duration PATIENCE = Duration.ofMinutes(15);

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(ShutdownMark.QUESTION);
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Set.of(ShutdownLook.needed(target.inventory()));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(SERVES);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.START);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var mark = seen.of(ShutdownMark.QUESTION);
    var out = Standing.out(target.inventory(), known);
    var waits =
        !out.isEmpty()
            && out.getFirst().equals(target.host())
            && !outages.asked(target.inventory()).isEmpty();
    var serves = !out.isEmpty() && !outages.units(target).isEmpty();
    return mark.isOut() && (waits || serves)
        ? new Check.Drift(changes(target, waits), begun(target, mark, waits))
        : new Check.InSync(Observed.of(SERVES, true));
  }

  private List<Change> changes(Target.OnHost target, boolean waits) {
    var changes = new ArrayList<Change>();
    outages
        .units(target)
        .forEach(unit ->
            changes.add(Change.of(Change.Action.START, "unit " + unit, "stopped", "running")));
    if (waits) {
      changes.add(Change.of(Change.Action.START, "volumes", "stopped", "whole"));
    }
    return changes;
  }

  private Repair begun(Target.OnHost target, ShutdownMark mark, boolean waits) {
    var inventory = target.inventory();
    var parts = new ArrayList<>(outages.begun(target));
    if (waits) {
      parts.add(
          new Repair.AwaitHosts(
              "all volumes to be whole again",
              PATIENCE,
              outages.asked(inventory),
              (answers, never) -> outages.missing(inventory, answers, never),
              "fix what is named on those hosts; nothing uses a volume before that. Then run the same command again"));
    }
    parts.add(new Repair.OnHost(ShutdownMark.of(after(mark.phase()))));
    return new Repair.InOrder(parts);
  }

  /** One that was not emptied is not so now either. */
  private static ShutdownPhase after(ShutdownPhase before) {
    return before.isAtLeast(ShutdownPhase.SERVED) ? ShutdownPhase.SERVED : before;
  }
}

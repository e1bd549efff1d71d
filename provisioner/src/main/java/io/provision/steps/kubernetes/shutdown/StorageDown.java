package io.provision.steps.kubernetes.shutdown;

import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.step.outage.Outages;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code shutdown-stopped}: what serves volumes has ended, behind all that uses them anywhere; and
 * what the host has in its memory is on its disks.
 */
record StorageDown(Outages outages) implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    var questions = new ArrayList<Question<?>>(List.of(ShutdownMark.QUESTION));
    outages.units(target).forEach(unit -> questions.add(Units.of(unit)));
    return Probes.ofAll(questions);
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Set.of(Need.someSoFar(HostDown.DOWN, target.inventory().hosts()));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.STOP);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var mark = seen.of(ShutdownMark.QUESTION);
    var isStopped = mark.phase() == ShutdownPhase.STOPPED && !mark.booted();
    var units = outages.units(target);
    var running =
        units.stream()
            .map(unit -> seen.of(Units.of(unit)))
            .anyMatch(unit -> unit.isRunning() || unit.isStarting());
    if (isStopped && !running) {
      return new Check.InSync();
    }
    return Standing.held(known, HostDown.DOWN)
        .orElseGet(() -> {
          var parts = new ArrayList<>(outages.ended(target));
          parts.add(new Repair.OnHost(ShutdownMark.of(ShutdownPhase.STOPPED)));
          var subject =
              units.isEmpty() ? "host " + target.host().name() : "unit " + String.join(", ", units);
          return new Check.Drift(
              List.of(
                  Change.of(
                      Change.Action.STOP,
                      subject,
                      "running",
                      "stopped, after all hosts have let go of volumes")),
              new Repair.InOrder(parts));
        });
  }
}

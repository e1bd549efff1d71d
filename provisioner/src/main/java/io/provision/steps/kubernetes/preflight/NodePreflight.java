package io.provision.steps.kubernetes.preflight;

import io.provision.resource.kernel.Machine;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Requirements;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Set;

/**
 * {@code node-preflight}: what can be known of a host before anything is installed on it, and would
 * else be found by a node that does not come up. Changes nothing.
 */
public record NodePreflight(Distributions distributions) implements Step<Target.OnHost> {
  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(HostLimits.of(needed(target)), Machine.question());
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var whats = new ArrayList<String>();
    var remedies = new LinkedHashSet<String>();
    var shortages = shortages(target, seen);
    for (var problem : shortages.all()) {
      whats.add(problem.what());
      remedies.add(problem.remedy());
    }
    return whats.isEmpty()
        ? noted(shortages)
        : new Check.Refused(String.join("; ", whats), String.join("; ", remedies));
  }

  /** A host that does not say what it has may do all the same; it is not called fit. */
  private static Check noted(Shortages shortages) {
    var notes = new ArrayList<>(shortages.notes());
    notes.addAll(shortages.doubts());
    return notes.isEmpty()
        ? new Check.InSync()
        : new Check.InSync(Observed.noting(String.join("; ", notes)));
  }

  Shortages shortages(Target.OnHost target, Observations seen) {
    return new Shortages(
        target,
        distributions.of(target).name(),
        distributions.of(target).unit(target.host()),
        needed(target),
        seen.of(HostLimits.of(needed(target))),
        seen.of(Machine.question()).isContainer());
  }

  private Requirements needed(Target.OnHost target) {
    return distributions.of(target).requirements(target);
  }
}

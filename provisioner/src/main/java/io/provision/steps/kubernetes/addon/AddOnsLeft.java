package io.provision.steps.kubernetes.addon;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Departure;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Orphan;
import io.provision.step.Probes;
import io.provision.step.Removals;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code add-ons-left}: what the inventory has taken its key out of and is still in the cluster. It
 * is named, and removed where it was asked for. In an ordinary run the API is asked in passing.
 */
public record AddOnsLeft(AddOns addOns) implements Step<Target.OnCluster> {
  private List<AddOn> unwanted(Target target) {
    return addOns.all().stream().filter(it -> !it.isWanted(target)).toList();
  }

  @Override
  public Probes probes(Target.OnCluster target) {
    var probes = Probes.NONE;
    for (var addOn : unwanted(target)) {
      probes = probes.and(Probes.ofCluster(List.of(new AddOnObjects(addOn).mark())));
    }
    return probes;
  }

  @Override
  public Probes probes(Target.OnCluster target, Known known) {
    var probes = Probes.NONE;
    if (!known.removals().equals(Removals.NONE)) {
      for (var addOn : unwanted(target)) {
        probes = probes.and(new AddOnObjects(addOn).probes()).and(addOn.besides());
      }
    }
    return probes;
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Set<Change.Action> mayRemove() {
    return Set.of(Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    var checks = new ArrayList<Check>();
    for (var addOn : unwanted(target)) {
      checks.add(
          known.removals().equals(Removals.NONE) ? named(addOn, seen) : removable(addOn, seen));
    }
    return checks.isEmpty() ? new Check.InSync() : Checks.together(checks);
  }

  private static Check named(AddOn addOn, Observations seen) {
    var objects = new AddOnObjects(addOn);
    var mark = seen.of(objects.mark());
    if (mark.isEmpty()) {
      return new Check.Skipped(
          "the API could not be asked whether anything that left the inventory is still there");
    }
    return leaving(addOn, objects.changes(mark.get()), new Check.InSync());
  }

  private static Check removable(AddOn addOn, Observations seen) {
    var objects = new AddOnObjects(addOn);
    var there = objects.there(seen);
    var changes = objects.changes(there);
    if (changes.isEmpty()) {
      return new Check.InSync();
    }
    changes.addAll(addOn.lost(seen));
    var obstacle = addOn.obstacle(seen);
    return leaving(
        addOn,
        changes,
        obstacle.isPresent() ? obstacle.get() : AddOnObjects.removal(there, changes));
  }

  private static Check leaving(AddOn addOn, List<Change> changes, Check removal) {
    return changes.isEmpty()
        ? new Check.InSync()
        : new Check.Leaving(
            List.of(
                new Departure(
                    Set.of(new Orphan("addon", addOn.name())),
                    changes,
                    removal,
                    "",
                    addOn.aftermath())),
            new Check.InSync());
  }
}

package io.provision.steps.kubernetes.addon;

import io.provision.resource.ObjectsRemoved;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Removals;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import java.util.ArrayList;
import java.util.Set;

/**
 * {@code add-ons-left}: removes from the cluster what the inventory has taken its key out of, where
 * that was asked for. Only then is the API asked; {@link AddOnsPinned} names it in every run.
 */
public record AddOnsLeft(AddOns addOns) implements Step<Target.OnCluster> {

  /** Nothing is left of what the inventory has not got; told where a removal was asked for. */
  static final Output<Boolean> GONE = new Output<>("add-ons-gone", Boolean.class);

  @Override
  public Probes probes(Target.OnCluster target) {
    return Probes.NONE;
  }

  @Override
  public Probes probes(Target.OnCluster target, Known known) {
    var probes = Probes.NONE;
    if (!known.removals().equals(Removals.NONE)) {
      for (var addOn : addOns.unwanted(target)) {
        probes = probes.and(new AddOnObjects(addOn).probes()).and(addOn.besides());
      }
    }
    return probes;
  }

  /** Who needs something of a server's waits until its API can be asked. */
  @Override
  public Set<Need> removalNeeds(Target.OnCluster target) {
    return addOns.unwanted(target).isEmpty()
        ? Set.of()
        : Set.of(Need.some(Nodes.STATE, Nodes.servers(target.inventory())));
  }

  @Override
  public Set<Output<?>> provides(Target.OnCluster target) {
    return addOns.unwanted(target).isEmpty() ? Set.of() : Set.of(GONE);
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
    if (known.removals().equals(Removals.NONE) || addOns.unwanted(target).isEmpty()) {
      return new Check.InSync();
    }
    return Checks.then(
        addOns.unwanted(target, addOn -> left(addOn, seen)),
        () -> new Check.InSync(Observed.of(GONE, true)));
  }

  private static Check left(AddOn addOn, Observations seen) {
    var there = new AddOnObjects(addOn).there(seen);
    if (there.isEmpty()) {
      return new Check.InSync();
    }
    var changes =
        new ArrayList<>(
            there.stream()
                .map(it -> Change.of(Change.Action.REMOVE, it.ref().toString()))
                .toList());
    changes.addAll(addOn.lost(seen));
    var removal =
        addOn
            .obstacle(seen)
            .<Check>map(it -> it)
            .orElseGet(() -> ObjectsRemoved.of(there, changes));
    return AddOns.leaving(addOn, changes, removal);
  }
}

package io.provision.steps.kubernetes.addon;

import io.provision.desk.DeskChange;
import io.provision.desk.DeskQuestion;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.PinnedArtifacts;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * {@code add-ons-pinned}: what provision.lock still pins and the inventory has taken its key out
 * of. It was brought into the cluster from here, and nobody has removed it: so it is named, without
 * asking the API of every cluster for what most have never had.
 */
public record AddOnsPinned(AddOns addOns) implements Step<Target.OnDesk> {

  private DeskQuestion.PinnedOf pinned(Target target) {
    return new DeskQuestion.PinnedOf(
        PinnedArtifacts.lockFile(target.inventory()),
        addOns.unwanted(target).stream().map(AddOn::name).collect(Collectors.toSet()));
  }

  @Override
  public Probes probes(Target.OnDesk target) {
    return addOns.unwanted(target).isEmpty() ? Probes.NONE : Probes.of(pinned(target));
  }

  /** Its pins are what names it: they go last, or a run that was killed would have forgotten it. */
  @Override
  public Set<Need> removalNeeds(Target.OnDesk target) {
    return addOns.unwanted(target).isEmpty() ? Set.of() : Set.of(Need.cluster(AddOnsLeft.GONE));
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
  public Check check(Target.OnDesk target, Observations seen, Known known) {
    return addOns.unwanted(target, addOn -> left(target, addOn, seen.of(pinned(target))));
  }

  private static Check left(Target target, AddOn addOn, Set<String> pinned) {
    var ids = new TreeSet<>(pinned);
    ids.removeIf(id -> !id.startsWith(addOn.name() + "/"));
    if (ids.isEmpty()) {
      return new Check.InSync();
    }
    var changes =
        List.of(
            Change.of(
                Change.Action.REMOVE,
                addOn.name() + " in the cluster, and its lines in provision.lock",
                String.join(", ", ids),
                ""));
    var unpin = new DeskChange.Unpin(PinnedArtifacts.lockFile(target.inventory()), ids);
    return AddOns.leaving(addOn, changes, new Check.Drift(changes, new Repair.OnDesk(unpin)));
  }
}

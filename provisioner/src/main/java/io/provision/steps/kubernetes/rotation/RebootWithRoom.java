package io.provision.steps.kubernetes.rotation;

import io.provision.kube.ClusterAction;
import io.provision.model.rotation.Fact;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.placement.NodeFit;
import io.provision.steps.kubernetes.placement.RoomElsewhere;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@link NodeReboot}, of a node whose pods can go: one of which a pod could not be evicted, or has
 * no room on any other node, is refused before anything is touched, and given back where an earlier
 * run has left it. What was seen of that is said of each node that goes. A pod that by its own
 * rules wants no other node is named and no reason to stay: whoever made it wanted it so.
 */
public record RebootWithRoom(NodeReboot reboot) implements Step<Target.OnHost> {
  private static final String CROWDED =
      "make room: another node, fewer replicas, smaller requests; or run with --without-room, and"
          + " they wait until it is back";

  private static final String STUCK =
      "look at 'kubectl get pdb -A', and give each pod one budget that can let it go; delete pods"
          + " that nothing would bring back";

  @Override
  public Probes probes(Target.OnHost target) {
    return reboot.probes(target);
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var needs = new LinkedHashSet<>(reboot.needs(target));
    needs.add(Need.clusterSoFar(RoomElsewhere.FITS));
    return needs;
  }

  @Override
  public List<Fact> facts(Target.OnHost target, Observations seen) {
    return reboot.facts(target, seen);
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return reboot.provides(target);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return reboot.mayDo();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var check = reboot.check(target, seen, known);
    if (!(check instanceof Check.Drift drift)
        || drift.changes().stream().noneMatch(it -> it.action() == Change.Action.DRAIN)) {
      return check;
    }
    var fits = known.cluster(RoomElsewhere.FITS);
    var fit = fits.map(it -> it.nodes().get(target.host().name().value()));
    var refusal = fit.flatMap(this::refusal);
    if (refusal.isPresent()) {
      return seen.of(Files.at(NodeReboot.MARKER)).exists()
          ? reboot.givenBack(target, known)
          : refusal.get();
    }
    var notes = new ArrayList<String>();
    var abreast = Abreast.of(target, reboot.absences());
    var alone = fits.flatMap(it -> crowdedTogether(it, abreast));
    if (alone.isPresent()) {
      notes.add(alone.get());
      check = reboot.check(target, seen, known, abreast.company().oneByOne());
    }
    notes.addAll(
        fits.isEmpty()
            ? List.of("whether its pods fit on other nodes could not be asked")
            : fits.get()
                .unheard()
                .map(why ->
                    List.of("whether its pods fit on other nodes could not be asked: " + why))
                .orElseGet(() -> fit.map(NodeFit::notes).orElse(List.of())));
    return noting(target, known, check, notes);
  }

  /** Why it waits until those are back that may be away as it goes; empty where it need not. */
  private static Optional<String> crowdedTogether(RoomElsewhere.Fits fits, Abreast abreast) {
    var before = abreast.rightBefore().stream().map(it -> it.name().value()).toList();
    if (before.isEmpty() || fits.unheard().isPresent()) {
      return Optional.empty();
    }
    var names = new ArrayList<>(before);
    names.add(abreast.target().host().name().value());
    return fits.together()
        .apply(names)
        .unplaced()
        .map(why ->
            "it waits for %s to be back, since what runs there and here finds no room elsewhere at once: %s"
                .formatted(String.join(", ", before), why));
  }

  private Optional<Check> refusal(NodeFit fit) {
    return fit.stuck()
        .<Check>map(why -> Check.Refused.unsafe("it would not be drained: " + why, STUCK))
        .or(() ->
            fit.crowded()
                .filter(_ -> !reboot.given().choice().withoutRoom())
                .map(why -> Check.Refused.unsafe(why, CROWDED)));
  }

  /** The same, with what is said of it in a plan, and once it is its turn. */
  private static Check noting(Target.OnHost target, Known known, Check check, List<String> notes) {
    var told =
        notes.stream()
            .map(note -> new Check.InSync(Observed.noting(note)))
            .<Check>map(it -> it)
            .reduce(check, Checks::together);
    return NodeReboot.access(target.host(), known.all(ClusterAccess.OUTPUT))
        .filter(_ -> !notes.isEmpty())
        .map(access ->
            Checks.repairedBy(
                told,
                repair ->
                    new Repair.InOrder(
                        new Repair.OnApi(access, List.of(new ClusterAction.Tell(notes))), repair)))
        .orElse(told);
  }
}

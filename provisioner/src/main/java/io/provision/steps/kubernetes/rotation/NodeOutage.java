package io.provision.steps.kubernetes.rotation;

import io.provision.kube.ClusterAction;
import io.provision.kube.Company;
import io.provision.resource.Files;
import io.provision.resource.kernel.AskedFromHere;
import io.provision.step.Change;
import io.provision.step.Check;
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
import io.provision.steps.kubernetes.NodeUpkeep;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.placement.NodeFit;
import io.provision.steps.kubernetes.placement.RoomElsewhere;
import io.provision.steps.rotation.OthersPresent;
import io.provision.steps.rotation.OutOfUse;
import io.provision.steps.rotation.RebootCourse;
import io.provision.steps.rotation.SelfReboots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code node-outage}: a node whose power is cut under all that runs on it, and given again; then
 * it is taken back into use as after a reboot. Nothing is drained, nothing is ended before. The
 * same gates are asked as before a reboot, the turn is taken and the node claimed, so that nobody
 * works on it or on another one meanwhile, and whoever comes next gives it back: a rotation too.
 *
 * <p>It is cordoned from before the cut until it is whole again: what fails over does not come back
 * to it before.
 *
 * @param outage what cuts its power; empty where it is only given back
 * @param longest until it has power again
 */
public record NodeOutage(NodeReboot reboot, Optional<Repair.PowerOutage> outage, Duration longest)
    implements Step<Target.OnHost> {
  public static final String NAME = "node-outage";

  /** A machine may test its memory first. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(AskedFromHere.QUESTION, Files.at(NodeReboot.MARKER));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var needs = new LinkedHashSet<Need>();
    needs.add(Need.someSoFar(Nodes.ADDRESS, Nodes.servers(target.inventory())));
    needs.add(Need.someSoFar(ClusterAccess.OUTPUT, Nodes.servers(target.inventory())));
    needs.add(Need.clusterIfEver(OtherRebooters.FOUND));
    needs.add(Need.someSoFar(SelfReboots.WHEN, Nodes.all(target.inventory())));
    needs.add(Need.clusterSoFar(RoomElsewhere.FITS));
    return needs;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.STOP, Change.Action.START);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (seen.of(Files.at(NodeReboot.MARKER)).exists()) {
      return reboot.givenBack(target, known);
    }
    if (outage.isEmpty() || outage.get().isOver()) {
      return new Check.InSync();
    }
    if (seen.of(AskedFromHere.QUESTION)) {
      return new Check.Refused(
          "this command runs on it, and would end with it", "run it from another machine");
    }
    return NodeReboot.refusal(target)
        .or(() -> alone(target))
        .or(() -> NodeReboot.another(known))
        .orElseGet(() -> cut(target, known, outage.get()));
  }

  private static Optional<Check> alone(Target.OnHost target) {
    return Nodes.isServer(target.host()) && Nodes.servers(target.inventory()).size() < 3
        ? Optional.of(
            Check.Refused.unsafe(
                "it is one of %d control planes, and etcd has no majority without it"
                    .formatted(Nodes.servers(target.inventory()).size()),
                "take a worker, or a cluster of three control planes"))
        : Optional.empty();
  }

  private Check cut(Target.OnHost target, Known known, Repair.PowerOutage happening) {
    var name = target.host().name();
    return new Check.Drift(
        List.of(
            Change.of(
                Change.Action.STOP, "power of " + name, "on", "cut under all that runs there"),
            Change.of(Change.Action.START, "node " + name, "without power", "in use again")),
        NodeReboot.upkeep(target, known)
            .<Repair>map(upkeep -> course(target, known, happening, upkeep))
            .orElse(NodeReboot.NOTHING),
        new Observed(java.util.Map.of(), notes(target, known)));
  }

  /** What is known before of where its pods could go. */
  private static List<String> notes(Target.OnHost target, Known known) {
    return known
        .cluster(RoomElsewhere.FITS)
        .map(fits ->
            fits.unheard()
                .map(why ->
                    List.of("whether its pods fit on other nodes could not be asked: " + why))
                .orElseGet(() ->
                    Optional.ofNullable(fits.nodes().get(target.host().name().value()))
                        .map(NodeOutage::notes)
                        .orElse(List.of())))
        .orElse(List.of());
  }

  private static List<String> notes(NodeFit fit) {
    var notes = new ArrayList<>(fit.notes());
    fit.crowded().ifPresent(notes::add);
    return notes;
  }

  private Repair course(
      Target.OnHost target, Known known, Repair.PowerOutage happening, NodeUpkeep upkeep) {
    var name = target.host().name();
    var access = NodeReboot.access(target.host(), known.all(ClusterAccess.OUTPUT)).orElseThrow();
    var course = new RebootCourse(reboot.absences(), target);
    var others = reboot.others(target, known, Company.NONE);
    var turn = new ArrayList<ClusterAction>();
    turn.add(new ClusterAction.TakeTurn(name.value()));
    NodeReboot.otherNames(target, Company.NONE)
        .forEach(other -> turn.add(new ClusterAction.RefuseClaimed(other.value())));
    turn.add(new ClusterAction.RefuseForeign(name.value(), NodeReboot.CLAIM));
    var parts = new ArrayList<>(others);
    parts.addAll(course.before());
    parts.add(new Repair.OnApi(access, turn));
    parts.add(
        new Repair.OnHost(OutOfUse.marked(NodeReboot.MARKER), OutOfUse.onDisk(NodeReboot.MARKER)));
    parts.add(
        new Repair.OnApi(
            access, List.of(new ClusterAction.ClaimInTurn(name.value(), NodeReboot.CLAIM))));
    parts.addAll(course.still(upkeep.givenUp()));
    parts.add(NodeReboot.stillSpared(others, upkeep, upkeep.givenUp()));
    parts.addAll(course.lastly(upkeep.givenUp()));
    parts.addAll(new OthersPresent().asItIsCut(target));
    var stays = new ArrayList<>(new OthersPresent().onceItStays(target));
    stays.add(upkeep.givenUp());
    var note = new Repair.OnApi(access, List.of(new ClusterAction.NotePowerCut(name.value())));
    parts.add(new Repair.Guarded(List.of(note), stays));
    parts.add(new Repair.PowerCut(happening, Optional.of(access), longest, PATIENCE, stays));
    parts.add(reboot.back(target, upkeep));
    return new Repair.InOrder(parts);
  }
}

package io.provision.steps.rotation;

import io.provision.resource.Files;
import io.provision.resource.kernel.AskedFromHere;
import io.provision.step.Absences;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code host-outage}: a host that is no node, and whose power is cut under all that runs on it,
 * and given again; then it is back in use once what it holds is whole. Nothing is ended there
 * before. The same gates are asked as before a reboot, and that it is out of use stands on its disk
 * before anything is lost: whoever comes next gives it back, a rotation too.
 *
 * @param outage what cuts its power; empty where it is only given back
 * @param longest until it has power again
 */
public record HostOutage(Absences absences, Optional<Repair.PowerOutage> outage, Duration longest)
    implements Step<Target.OnHost> {
  public static final String NAME = "host-outage";

  /** A machine may test its memory first. */
  private static final Duration PATIENCE = Duration.ofMinutes(15);

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(AskedFromHere.QUESTION, Files.at(OutOfUse.MARKER));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    return Set.of(Need.someSoFar(SelfReboots.WHEN, target.inventory().hosts()));
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
    if (seen.of(Files.at(OutOfUse.MARKER)).exists()) {
      return new HostInUse(absences).check(target, seen, known);
    }
    if (outage.isEmpty() || outage.get().isOver()) {
      return new Check.InSync();
    }
    if (seen.of(AskedFromHere.QUESTION)) {
      return new Check.Refused(
          "this command runs on it, and would end with it", "run it from another machine");
    }
    return SelfReboots.refusal(known).orElseGet(() -> cut(target, outage.get()));
  }

  private Check cut(Target.OnHost target, Repair.PowerOutage happening) {
    var name = target.host().name();
    var course = new RebootCourse(absences, target);
    var marker = OutOfUse.MARKER;
    var givenUp = new Repair.OnHost(OutOfUse.unmarked(marker));
    var parts = new ArrayList<>(course.before());
    parts.add(new Repair.OnHost(OutOfUse.marked(marker), OutOfUse.onDisk(marker)));
    parts.addAll(course.still(givenUp));
    parts.addAll(course.lastly(givenUp));
    parts.addAll(new OthersPresent().asItIsCut(target));
    var stays = new ArrayList<>(new OthersPresent().onceItStays(target));
    stays.add(givenUp);
    parts.add(new Repair.PowerCut(happening, Optional.empty(), longest, PATIENCE, stays));
    parts.addAll(course.back());
    parts.addAll(course.givenBack(course.inUse(), course.inUse()));
    return new Check.Drift(
        List.of(
            Change.of(
                Change.Action.STOP, "power of " + name, "on", "cut under all that runs there"),
            Change.of(Change.Action.START, "host " + name, "without power", "in use again")),
        new Repair.InOrder(parts));
  }
}

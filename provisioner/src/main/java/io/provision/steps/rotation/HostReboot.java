package io.provision.steps.rotation;

import io.provision.model.Host;
import io.provision.model.rotation.Fact;
import io.provision.resource.kernel.AskedFromHere;
import io.provision.resource.kernel.RebootWanted;
import io.provision.step.Absences;
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
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * {@code host-reboot}: a host that is no node and wants a reboot is rebooted, and back in use once
 * what it holds is whole. One host at a time, behind all nodes, in the order of the inventory; one
 * that fails stops those behind it. Areas that hold data there have a say before it goes, as it
 * goes, and before it is back in use.
 */
public record HostReboot(Absences absences, GivenChoice given) implements Step<Target.OnHost> {
  public static final String NAME = "host-reboot";

  @Override
  public Probes probes(Target.OnHost target) {
    return RebootReasons.probes(target, given.choice()).and(Probes.of(AskedFromHere.QUESTION));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var needs = new LinkedHashSet<Need>();
    needs.add(Need.some(HostInUse.IN_USE, target.inventory().otherThanNodes()));
    needs.add(Need.someSoFar(RebootCourse.REBOOTED, before(target)));
    needs.add(Need.someSoFar(SelfReboots.WHEN, target.inventory().hosts()));
    return needs;
  }

  /** Who goes before it: all nodes, and the host ahead, which those before that one have let go. */
  private static List<Host> before(Target.OnHost target) {
    var before = new ArrayList<>(target.inventory().nodes());
    var others = target.inventory().otherThanNodes();
    var index = others.indexOf(target.host());
    if (index > 0) {
      before.add(others.get(index - 1));
    }
    return before;
  }

  @Override
  public List<Fact> facts(Target.OnHost target, Observations seen) {
    return RebootReasons.facts(target, given.choice(), seen);
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(RebootCourse.REBOOTED);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.RESTART, Change.Action.UPGRADE, Change.Action.RUN);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var unplanned = new HostUpdating(given.choice()).refusal(seen);
    if (unplanned.isPresent()) {
      return unplanned.get();
    }
    return switch (RebootReasons.of(target, given.choice(), seen)) {
      case RebootWanted.No _ -> new Check.InSync(Observed.of(RebootCourse.REBOOTED, true));
      case RebootWanted.Yes _, RebootWanted.Unknown _
          when RebootWindow.resumes(target).isPresent() ->
          RebootWindow.resumes(target).get();
      case RebootWanted.Yes _ when RebootReasons.runsThis(target, seen) ->
          new Check.InSync(RebootCourse.leftOut());
      case RebootWanted.Unknown _ ->
          new Check.Refused(
              "this system does not say whether it wants a reboot",
              "reboot it yourself, while all other hosts are there");
      case RebootWanted.Yes(var reasons) ->
          RebootWindow.shut(target, known)
              .or(() -> SelfReboots.refusal(known))
              .or(() -> turn(known))
              .orElseGet(() -> rebooted(target, seen, known, reasons));
    };
  }

  /** Why it is not its turn. */
  private static Optional<Check> turn(Known known) {
    return known.never(RebootCourse.REBOOTED).entrySet().stream()
        .findFirst()
        .<Check>map(before ->
            new Check.Refused(
                "it waits for its reboot, and %s comes before it (%s)"
                    .formatted(before.getKey(), before.getValue()),
                "see what the steps of that host say, or run for it as well"))
        .or(() ->
            known.never(HostInUse.IN_USE).entrySet().stream()
                .findFirst()
                .map(gone ->
                    new Check.Refused(
                        "it waits for its reboot, and %s is not there and in use (%s)"
                            .formatted(gone.getKey(), gone.getValue()),
                        "fix that first, then run again for both; or take it out of the"
                            + " inventory")));
  }

  private Check rebooted(
      Target.OnHost target, Observations seen, Known known, List<String> reasons) {
    var course = new RebootCourse(absences, target);
    var marker = OutOfUse.MARKER;
    var parts = new ArrayList<>(course.before());
    var inUse = course.inUse();
    parts.add(new Repair.OnHost(OutOfUse.marked(marker)));
    parts.add(new Repair.Tell(new Fact.OutOfUse()));
    var hooks = course.own().beforeDrain();
    if (!hooks.isEmpty()) {
      parts.add(new Repair.Guarded(hooks, List.of(inUse)));
    }
    var update = new HostUpdating(given.choice());
    parts.addAll(update.run(target, seen, inUse));
    parts.addAll(course.still(inUse));
    parts.addAll(course.away(inUse));
    parts.addAll(course.back());
    parts.addAll(course.givenBack(inUse, inUse));
    var behind =
        before(target).stream()
            .map(Host::name)
            .filter(it -> !known.all(RebootCourse.REBOOTED).containsKey(it))
            .map(Object::toString)
            .collect(Collectors.joining(", "));
    var changes = new ArrayList<>(update.changes(seen));
    changes.add(
        Change.of(
            Change.Action.RESTART,
            "host" + (behind.isEmpty() ? "" : ", after " + behind),
            String.join(", ", reasons),
            "rebooted"));
    return new Check.Drift(changes, new Repair.InOrder(parts));
  }
}

package io.provision.steps.rotation;

import io.provision.model.rotation.Fact;
import io.provision.model.rotation.Rotation;
import io.provision.model.rotation.RotationChoice;
import io.provision.resource.kernel.AskedFromHere;
import io.provision.resource.kernel.BootAge;
import io.provision.resource.kernel.RebootWanted;
import io.provision.resource.kernel.RunningKernel;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Why a host is to be rebooted: its system wants it, it booted too long ago, or something is to be
 * updated before.
 */
public final class RebootReasons {
  /** Where its system says no more. */
  private static final String REQUIRED = "/run/reboot-required";

  private RebootReasons() {}

  public static Probes probes(Target.OnHost target, RotationChoice choice) {
    var system =
        Probes.of(RebootWanted.QUESTION, RunningKernel.QUESTION)
            .and(new HostUpdating(choice).probes());
    return Rotation.of(target.inventory()).olderThan().isPresent()
        ? system.and(Probes.of(BootAge.QUESTION))
        : system;
  }

  /** What the look at a host tells of its reboot. */
  public static List<Fact> facts(Target.OnHost target, RotationChoice choice, Observations seen) {
    var facts = new ArrayList<Fact>();
    switch (of(target, choice, seen)) {
      case RebootWanted.Yes(var reasons) ->
          facts.add(new Fact.Wanted(reasons.isEmpty() ? List.of(REQUIRED) : reasons));
      case RebootWanted.No _ -> facts.add(new Fact.Wanted(List.of()));
      case RebootWanted.Unknown _ -> {}
    }
    seen.of(RunningKernel.QUESTION).map(Fact.Kernel::new).ifPresent(facts::add);
    if (runsThis(target, seen)) {
      facts.add(new Fact.RunsThis());
    }
    return facts;
  }

  /** Whether whoever works on a host runs there, and would end with it. */
  public static boolean runsThis(Target.OnHost target, Observations seen) {
    return seen.of(AskedFromHere.QUESTION)
        || Rotation.of(target.inventory()).runsOn(target.host().name());
  }

  public static RebootWanted of(Target.OnHost target, RotationChoice choice, Observations seen) {
    var update = new HostUpdating(choice).reasons(seen);
    var besides = of(target, seen);
    if (update.isEmpty()) {
      return besides;
    }
    var reasons = new ArrayList<String>();
    if (besides instanceof RebootWanted.Yes(var more)) {
      reasons.addAll(more);
    }
    reasons.addAll(update);
    return new RebootWanted.Yes(reasons);
  }

  private static RebootWanted of(Target.OnHost target, Observations seen) {
    var system = seen.of(RebootWanted.QUESTION);
    var limit = Rotation.of(target.inventory()).olderThan();
    if (limit.isEmpty()) {
      return system;
    }
    var age = seen.of(BootAge.QUESTION);
    if (age.filter(it -> it.compareTo(limit.get()) >= 0).isPresent()) {
      var reasons = new ArrayList<String>();
      if (system instanceof RebootWanted.Yes(var more)) {
        reasons.addAll(more);
      }
      reasons.add("it booted %s ago".formatted(ago(age.get())));
      return new RebootWanted.Yes(reasons);
    }
    return switch (system) {
      case RebootWanted.Yes _ -> system;
      case RebootWanted.No _ -> age.isPresent() ? system : new RebootWanted.Unknown();
      case RebootWanted.Unknown _ -> age.isPresent() ? new RebootWanted.No() : system;
    };
  }

  /** In the unit that is read best; a plan that is made again says the same. */
  private static String ago(Duration age) {
    return age.toDays() >= 2 ? age.toDays() + " days" : age.toHours() + " hours";
  }
}

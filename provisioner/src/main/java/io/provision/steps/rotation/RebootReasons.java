package io.provision.steps.rotation;

import io.provision.model.rotation.Rotation;
import io.provision.resource.kernel.BootAge;
import io.provision.resource.kernel.RebootWanted;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import java.time.Duration;
import java.util.ArrayList;

/** Why a node is to be rebooted: its system wants it, or it booted too long ago. */
public final class RebootReasons {
  private RebootReasons() {}

  public static Probes probes(Target.OnHost target) {
    var system = Probes.of(RebootWanted.QUESTION);
    return Rotation.of(target.inventory()).olderThan().isPresent()
        ? system.and(Probes.of(BootAge.QUESTION))
        : system;
  }

  public static RebootWanted of(Target.OnHost target, Observations seen) {
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

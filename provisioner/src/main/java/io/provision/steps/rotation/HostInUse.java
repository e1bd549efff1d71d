package io.provision.steps.rotation;

import io.provision.resource.Files;
import io.provision.step.Absences;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * {@code host-in-use}: a host that a killed rotation has left out of use is taken back, whoever's
 * turn it is and whatever the time: nobody misses one that comes back.
 */
public record HostInUse(Absences absences) implements Step<Target.OnHost> {
  public static final String NAME = "host-in-use";

  /** A host is there, and not out of use by us. */
  static final Output<Boolean> IN_USE = new Output<>("host-in-use", Boolean.class);

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(Files.at(OutOfUse.MARKER));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(IN_USE);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.START);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    if (!seen.of(Files.at(OutOfUse.MARKER)).exists()) {
      return new Check.InSync(Observed.of(IN_USE, true));
    }
    var course = new RebootCourse(absences, target);
    var parts = new ArrayList<>(course.back());
    parts.addAll(course.givenBack(course.inUse(), course.inUse()));
    return new Check.Drift(
        List.of(
            Change.of(
                Change.Action.START,
                "host",
                "out of use by a rotation that did not end",
                "in use")),
        new Repair.InOrder(parts));
  }
}

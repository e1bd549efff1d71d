package io.provision.step.doctor;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.List;
import java.util.Set;

/** One thing of a host that a doctor looks at. It refuses nothing, and leaves nothing behind. */
public interface Examination extends Step<Target.OnHost> {

  /**
   * One word or two, by which reports call it. Where it is the name of a step, it tells what that
   * refuses in more words, and what a plan says of it is left out.
   */
  String title();

  /** Whether there is anything to look at on this host. */
  default boolean concerns(Target.OnHost target) {
    return true;
  }

  /** What is wrong. Pure, as a check. */
  List<Diagnosis> diagnoses(Target.OnHost target, Observations seen, Known known);

  /** In which it tells what it found. */
  default Output<Diagnoses> output() {
    return new Output<>("diagnoses of " + title(), Diagnoses.class);
  }

  @Override
  default Check check(Target.OnHost target, Observations seen, Known known) {
    return new Check.InSync(Observed.of(output(), new Diagnoses(diagnoses(target, seen, known))));
  }

  @Override
  default Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(output());
  }

  @Override
  default Set<Change.Action> mayDo() {
    return Set.of();
  }
}

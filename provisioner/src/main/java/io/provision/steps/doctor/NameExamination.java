package io.provision.steps.doctor;

import io.provision.remote.ShellFunction;
import io.provision.step.Check;
import io.provision.step.Kind;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Target;
import io.provision.step.doctor.Diagnoses;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examination;
import java.util.List;
import java.util.Set;

/**
 * What a host calls itself, by which a kubelet that is started by hand would register: a name that
 * no node can have (kubernetes/kubernetes#73453), or that every machine has.
 */
record NameExamination() implements Examination {
  static final Output<String> CALLED = new Output<>("what it calls itself", String.class);

  private static final ShellFunction LOOK =
      new ShellFunction("look_own_name", "head -c 200 /proc/sys/kernel/hostname");

  private static final Question<String> QUESTION =
      Question.of(Kind.single(LOOK, frame -> frame.output().strip()));

  /** RFC 1123, as Kubernetes has it: in lower case. */
  private static final String NODE_NAME = "[a-z0-9]([a-z0-9.-]{0,251}[a-z0-9])?";

  @Override
  public String title() {
    return "name";
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(QUESTION);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    return new Check.InSync(
        Observed.of(output(), new Diagnoses(diagnoses(target, seen, known)))
            .and(CALLED, seen.of(QUESTION)));
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(output(), CALLED);
  }

  @Override
  public List<Diagnosis> diagnoses(Target.OnHost target, Observations seen, Known known) {
    var name = seen.of(QUESTION);
    return name.matches(NODE_NAME) && !name.startsWith("localhost")
        ? List.of()
        : List.of(
            Diagnosis.note(
                "calls itself '%s', which no node can be called".formatted(name),
                "'provision apply' calls it %s".formatted(target.host().name())));
  }
}

package io.provision.steps.os.swap;

import io.provision.model.Content;
import io.provision.resource.Files;
import io.provision.resource.kernel.Machine;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examination;
import java.util.ArrayList;
import java.util.List;

/** Swap that is in use, and what would bring it back, where the inventory wants none. */
public record SwapExamination() implements Examination {
  @Override
  public String title() {
    return "swap";
  }

  @Override
  public boolean concerns(Target.OnHost target) {
    var cluster = target.inventory().cluster();
    return cluster.filter(SwapSection::isAllowed).isEmpty()
        && cluster.filter(SwapSection::isLeft).isEmpty();
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(SwapState.question(), Files.text("/etc/fstab"), Machine.question());
  }

  @Override
  public List<Diagnosis> diagnoses(Target.OnHost target, Observations seen, Known known) {
    var state = seen.of(SwapState.question());
    var where = new ArrayList<String>();
    if (!seen.of(Machine.question()).isContainer()) {
      state.inUse().forEach(area -> where.add(area + " is in use"));
    }
    Fstab.withoutSwap(
            seen.of(Files.text("/etc/fstab")).text().orElse(new Content.Plain(new byte[0])))
        .commented()
        .forEach(line -> where.add("/etc/fstab has '%s'".formatted(line.strip())));
    state.unitsToMask().stream()
        .filter(unit -> !unit.equals(SwapState.TARGET))
        .forEach(unit -> where.add(unit + " starts it"));
    return where.isEmpty()
        ? List.of()
        : List.of(
            Diagnosis.note(
                "has swap, on which Kubernetes does not run: " + String.join(", ", where),
                "'provision apply' switches it off for good; to keep it say 'swap: allowed'"));
  }
}

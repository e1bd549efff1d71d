package io.provision.steps.kubernetes.preflight;

import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examination;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import java.util.ArrayList;
import java.util.List;

/** What {@code node-preflight} refuses, each by itself. */
public record PreflightExamination(Distributions distributions) implements Examination {
  private static final String STEP = "node-preflight";

  @Override
  public String title() {
    return STEP;
  }

  @Override
  public boolean concerns(Target.OnHost target) {
    return target.inventory().cluster().filter(it -> it.distribution().isKubernetes()).isPresent()
        && Nodes.all(target.inventory()).contains(target.host());
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return new NodePreflight(distributions).probes(target);
  }

  @Override
  public List<Diagnosis> diagnoses(Target.OnHost target, Observations seen, Known known) {
    var shortages = new NodePreflight(distributions).shortages(target, seen);
    var found = new ArrayList<Diagnosis>();
    shortages.all().forEach(it -> found.add(Diagnosis.error(it.what(), it.remedy())));
    shortages
        .doubts()
        .forEach(it -> found.add(Diagnosis.warning(it, "log in by hand and see what stops it")));
    shortages.notes().forEach(it -> found.add(Diagnosis.note(it, "")));
    return found;
  }
}

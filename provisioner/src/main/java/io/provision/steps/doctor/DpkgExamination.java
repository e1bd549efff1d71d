package io.provision.steps.doctor;

import io.provision.resource.packages.DpkgState;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examination;
import java.util.List;

/** What an interrupted dpkg has left: nothing can be installed before it is finished. */
record DpkgExamination() implements Examination {
  @Override
  public String title() {
    return "dpkg";
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(DpkgState.question());
  }

  @Override
  public List<Diagnosis> diagnoses(Target.OnHost target, Observations seen, Known known) {
    var state = seen.of(DpkgState.question());
    return state.interrupted()
        ? List.of(
            Diagnosis.warning(
                "has a dpkg that was " + state,
                "'dpkg --configure -a' there; 'provision apply' does so before it installs"
                    + " something"))
        : List.of();
  }
}

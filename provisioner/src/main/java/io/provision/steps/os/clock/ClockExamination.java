package io.provision.steps.os.clock;

import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examination;
import java.time.Duration;
import java.util.List;

/**
 * A clock that is not that of this machine, whoever keeps it: certificates are not valid yet where
 * it is behind, and etcd and GlusterFS compare the times of their members.
 */
public record ClockExamination() implements Examination {
  private static final Duration AGREES = Duration.ofSeconds(1);
  private static final Duration OFF = Duration.ofSeconds(30);

  @Override
  public String title() {
    return "clock";
  }

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(ClockReading.question());
  }

  @Override
  public List<Diagnosis> diagnoses(Target.OnHost target, Observations seen, Known known) {
    var clock = seen.of(ClockReading.question());
    if (!clock.isApartBy(AGREES)) {
      return List.of();
    }
    var evidence = "has a clock that is " + clock.difference();
    var remedy =
        clock.synchronised()
            ? "it follows a time server: correct the clock of this machine"
            : "set the clock that is wrong (date -s), then 'systemctl enable --now"
                + " systemd-timesyncd', or name time servers in the inventory: time: { servers:"
                + " [...] }";
    return List.of(
        clock.isApartBy(OFF)
            ? Diagnosis.error(evidence, remedy)
            : Diagnosis.warning(evidence, remedy));
  }
}

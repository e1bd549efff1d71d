package io.provision.steps.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.step.Absences;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What a killed rotation has left out of use. */
final class HostInUseTest {
  private static final HostInUse STEP =
      new HostInUse(new Absences(List.of(new OthersPresent(), new Plain.Guarded())));

  private static Check check(FileState marker) {
    var seen = new Observations.Builder().put(Files.at(OutOfUse.MARKER), marker).build();
    return STEP.check(Plain.on("s1", Plain.hosts()), seen, Known.NOTHING);
  }

  /** It may have been killed once its bricks had ended, and before its reboot or after it. */
  @Test
  void itIsTakenBackOnceAllOfItIsWholeAndTheOthersForgetThatItWasAway() {
    var check = check(Plain.THERE);
    assertThat(Plain.actions(check))
        .containsExactly(
            "end_away /var/lib/provision/away/s1 on [s2, s3]",
            "bricks_begin",
            "all of its data, 60 minutes",
            "mark_in_use");
    assertThat(STEP.mayDo())
        .containsAll(((Check.Drift) check).changes().stream().map(it -> it.action()).toList());
  }

  @Test
  void whoIsNotOutOfUseSaysSo() {
    assertThat(check(FileState.ABSENT))
        .isInstanceOfSatisfying(
            Check.InSync.class,
            it -> assertThat(it.observed().values()).containsEntry(HostInUse.IN_USE, true));
  }

  /** Nobody's turn, and no window, is waited for. */
  @Test
  void nothingIsWaitedFor() {
    assertThat(STEP.needs(Plain.on("s3", Plain.hosts()))).isEmpty();
  }
}

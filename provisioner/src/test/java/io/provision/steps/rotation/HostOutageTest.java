package io.provision.steps.rotation;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.Time;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.resource.kernel.AskedFromHere;
import io.provision.step.Absences;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.steps.kubernetes.Cases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** A host whose power is cut: behind which gates, in which order, and how it comes back. */
final class HostOutageTest {
  private static HostOutage step(Optional<Repair.PowerOutage> outage) {
    var absences = new Absences(List.of(new OthersPresent(), new Plain.Guarded()));
    return new HostOutage(absences, outage, Duration.ofMinutes(20));
  }

  private static final HostOutage CUTS = step(Optional.of((_, _, _) -> true));

  private static Check check(HostOutage step, FileState marker, boolean here, Known known) {
    var seen =
        new Observations.Builder()
            .put(AskedFromHere.QUESTION, here)
            .put(Files.at(OutOfUse.MARKER), marker)
            .build();
    return step.check(Plain.on("s1", Plain.hosts()), seen, known);
  }

  private static Check check(HostOutage step, FileState marker) {
    return check(step, marker, false, Known.NOTHING);
  }

  /** That it is out of use is on its disk, and known to the others, before anything is lost. */
  @Test
  void itIsCutBehindAllGatesWithNothingEndedBefore() {
    assertThat(Plain.actions(check(CUTS, FileState.ABSENT)))
        .containsExactly(
            "all other hosts to be there and in use, 30 minutes",
            "leave to go, 30 minutes",
            "mark_out_of_use",
            "mark_on_disk",
            "all other hosts to be there and in use, 10 minutes, or mark_in_use",
            "leave to go, 10 minutes, or mark_in_use",
            "all other hosts to be there and in use, 0 minutes, or mark_in_use",
            "leave to go, 0 minutes, or mark_in_use",
            "note_away /var/lib/provision/away/s1 cut on [s2, s3]",
            "cut, seen by hosts, or end_away /var/lib/provision/away/s1 on [s2, s3], mark_in_use",
            "end_away /var/lib/provision/away/s1 on [s2, s3]",
            "bricks_begin",
            "all of its data, 60 minutes",
            "mark_in_use");
  }

  /** Of a run that was killed: it is not cut a second time. */
  @Test
  void whatWasLeftOutOfUseIsGivenBackAndNotCut() {
    for (var step : List.of(CUTS, step(Optional.empty()))) {
      assertThat(Plain.actions(check(step, Plain.THERE)))
          .containsExactly(
              "end_away /var/lib/provision/away/s1 on [s2, s3]",
              "bricks_begin",
              "all of its data, 60 minutes",
              "mark_in_use");
    }
    assertThat(check(step(Optional.empty()), FileState.ABSENT)).isInstanceOf(Check.InSync.class);
  }

  /** It is looked at again after its repair, which has taken the marker away. */
  @Test
  void anOutageThatIsOverIsNoneToCome() {
    var over =
        new Repair.PowerOutage() {
          @Override
          public boolean happen(Repair.Sight sight, Time time, Consumer<String> progress) {
            throw new IllegalStateException("a second time");
          }

          @Override
          public boolean isOver() {
            return true;
          }
        };
    assertThat(check(step(Optional.of(over)), FileState.ABSENT)).isInstanceOf(Check.InSync.class);
  }

  @Test
  void theMachineThatTheCommandRunsOnIsNotCut() {
    assertThat(check(CUTS, FileState.ABSENT, true, Known.NOTHING))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("runs on it"));
  }

  @Test
  void whereAHostRebootsItselfNothingIsCut() {
    var other = Plain.storage(3);
    Known known =
        new Cases.Settled()
            .has(other, SelfReboots.WHEN, new SelfReboots.When(Optional.of("02:00")));
    assertThat(check(CUTS, FileState.ABSENT, false, known)).isInstanceOf(Check.Refused.class);
    assertThat(CUTS.needs(Plain.on("s1", Plain.hosts())).toString()).contains("s3");
  }

  @Test
  void whatItDoesIsWhatItMayDo() {
    var check = (Check.Drift) check(CUTS, FileState.ABSENT);
    assertThat(CUTS.mayDo()).containsAll(check.changes().stream().map(it -> it.action()).toList());
  }

  /** Whoever finds it without power asks the others. */
  @Test
  void othersTellOfACutAndNotOfAReboot() {
    Host cut = Plain.storage(1);
    var since = Instant.parse("2026-12-01T02:07:00Z");
    for (var isCut : List.of(true, false)) {
      var notes = Map.of(new HostName("s1"), new AwayNotes.Away(since, "a run", isCut));
      var seen = new Observations.Builder().put(AwayNotes.QUESTION, notes).build();
      var check =
          (Check.InSync)
              new CutNoted(cut.name()).check(Plain.on("s2", Plain.hosts()), seen, Known.NOTHING);
      assertThat(check.observed().values())
          .containsEntry(
              CutNoted.NOTE,
              isCut
                  ? "it is away for a drill that cuts its power since 2026-12-01T02:07:00Z, by a"
                      + " run"
                  : "");
    }
  }
}

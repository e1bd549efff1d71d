package io.provision.cli.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunVerb;
import io.provision.engine.event.TargetName;
import java.time.Duration;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Which code a run ends with, where several would do. */
final class ExitCodeTest {
  private static final Outcome FAILED = new Outcome.Failed(new Failure("it broke", "look"));
  private static final Outcome UNSAFE = new Outcome.Failed(Failure.unsafe("it heals", "wait"));
  private static final Outcome AWAY = new Outcome.Unreachable(new Failure("no answer", "look"));

  @Test
  void whatWasNotSafeComesBeforeWhatFailedBecauseOfIt() {
    assertThat(code(false)).isEqualTo(ExitCode.DONE);
    assertThat(code(false, new Outcome.Ok(), UNSAFE)).isEqualTo(ExitCode.UNSAFE);
    assertThat(code(false, FAILED, UNSAFE, AWAY)).isEqualTo(ExitCode.UNSAFE);
    assertThat(code(false, FAILED, AWAY)).isEqualTo(ExitCode.FAILED);
    assertThat(code(false, AWAY)).isEqualTo(ExitCode.UNREACHABLE);
  }

  @Test
  void anInterruptionComesFirst() {
    assertThat(code(true, UNSAFE)).isEqualTo(ExitCode.INTERRUPTED);
  }

  /** Of two targets, which have half of it each. */
  private static ExitCode code(boolean interrupted, Outcome... outcomes) {
    var targets = new TreeMap<TargetName, Report.Tally>();
    for (var i = 0; i < outcomes.length; i++) {
      targets.merge(
          i % 2 == 0 ? TargetName.DESK : TargetName.CLUSTER,
          Report.Tally.NONE.plus(outcomes[i]),
          Report.Tally::plus);
    }
    return ExitCode.of(
        new Report("a", RunVerb.APPLY, targets, Duration.ZERO, Optional.empty(), interrupted));
  }
}

package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Failure;
import io.provision.step.Wait;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WaitFailureTest {
  private static final String AWAITED = "k3s.service to be up";
  private static final Duration DEADLINE = Duration.ofSeconds(300);

  @Test
  void theReasonIsSaidFirstAndTheHintIsTheRemedy() {
    var failure =
        WaitFailure.of(
            AWAITED,
            DEADLINE,
            true,
            "reason: flag provided but not defined: -x\nhint: take it out\nnoise");
    assertThat(failure.what())
        .isEqualTo("gave up waiting for k3s.service to be up (flag provided but not defined: -x)");
    assertThat(failure.remedy()).isEqualTo("take it out; then run the same command again");
    assertThat(failure.lines()).containsExactly("noise");
  }

  @Test
  void withoutEvidenceNothingIsGuessed() {
    var failure = WaitFailure.of(AWAITED, DEADLINE, false, "reason: \nlast line");
    assertThat(failure.what()).isEqualTo("timed out after 300 s waiting for k3s.service to be up");
    assertThat(failure.remedy()).startsWith("read the lines below");
    assertThat(failure.lines()).containsExactly("last line");
  }

  @Test
  void whatWasAskedForAgainIsToldInTheSameWords() {
    var failure = WaitFailure.of(AWAITED, DEADLINE, new Wait.Asking("no pod runs", "look at it"));
    assertThat(failure)
        .isEqualTo(
            new Failure(
                "timed out after 300 s waiting for k3s.service to be up (no pod runs)",
                "look at it"));
  }
}

package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Call;
import io.provision.remote.ShellFunction;
import io.provision.step.Check;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WaitFailureTest {
  private static final Call CALL = Call.of(new ShellFunction("until_it_is_there", "false"));
  private static final Check.NotYet AWAITED =
      new Check.NotYet("k3s.service to be up", Duration.ofSeconds(300), CALL, CALL);

  @Test
  void theReasonIsSaidFirstAndTheHintIsTheRemedy() {
    var failure =
        WaitFailure.of(
            AWAITED, true, "reason: flag provided but not defined: -x\nhint: take it out\nnoise");
    assertThat(failure.what())
        .isEqualTo("gave up waiting for k3s.service to be up (flag provided but not defined: -x)");
    assertThat(failure.remedy()).isEqualTo("take it out; then run the same command again");
    assertThat(failure.lines()).containsExactly("noise");
  }

  @Test
  void withoutEvidenceNothingIsGuessed() {
    var failure = WaitFailure.of(AWAITED, false, "reason: \nlast line");
    assertThat(failure.what()).isEqualTo("timed out after 300 s waiting for k3s.service to be up");
    assertThat(failure.remedy()).startsWith("read the lines below");
    assertThat(failure.lines()).containsExactly("last line");
  }
}

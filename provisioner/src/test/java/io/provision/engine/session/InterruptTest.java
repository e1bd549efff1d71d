package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Whose time a request for an end ends. */
class InterruptTest {
  @Test
  void whoeverMustNotBeEndedHasTimeAllTheSame() throws Exception {
    var interrupt = new Interrupt();
    interrupt.request();
    assertThat(
            catchThrowableOfType(
                InterruptedException.class, () -> interrupt.pause(Duration.ofMinutes(1))))
        .isNotNull();
    var before = interrupt.nanos();
    interrupt.regardless().pause(Duration.ofMillis(2));
    assertThat(interrupt.nanos() - before).isGreaterThanOrEqualTo(2_000_000);
  }
}

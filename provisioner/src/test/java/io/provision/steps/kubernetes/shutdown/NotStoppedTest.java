package io.provision.steps.kubernetes.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.steps.kubernetes.Cases;
import org.junit.jupiter.api.Test;

/** A host that was stopped with its cluster is refused by name. */
final class NotStoppedTest {
  private static Check check(String mark) {
    var host = Cases.agent(1);
    var seen =
        new Observations.Builder()
            .put(ShutdownMark.QUESTION, Cases.read(ShutdownMark.QUESTION, mark))
            .build();
    return new NotStopped().check(Cases.on(host, Cases.inventory(host)), seen, Known.NOTHING);
  }

  @Test
  void whatWasNotStoppedIsWell() {
    assertThat(check("")).isInstanceOf(Check.InSync.class);
  }

  @Test
  void whateverAShutdownHasLeftThereIsRefusedWithTheWayOut() {
    for (var mark :
        new String[] {
          "begun 2026-11-29T17:00:00Z\n", "stopped 2026-11-29T17:00:00Z\nbooted\n", "what is this\n"
        }) {
      assertThat(check(mark))
          .as(mark)
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it -> {
                assertThat(it.what()).contains("stopped by 'provision stop'");
                assertThat(it.remedy()).contains("'provision start'", ShutdownMark.FILE);
              });
    }
    assertThat(((Check.Refused) check("down 2026-11-29T17:00:00Z\n")).what())
        .contains("begun at 2026-11-29T17:00:00Z");
  }
}

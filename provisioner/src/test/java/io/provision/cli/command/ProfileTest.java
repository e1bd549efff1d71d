package io.provision.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.remote.Connection;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

final class ProfileTest {
  private static final TargetName W1 = TargetName.of(new HostName("w1"));
  private static final StepRef STEP = new StepRef("packages", 0, new Position("site.yml", 1, 1));
  private final Profile profile = new Profile();

  private static Duration millis(long millis) {
    return Duration.ofMillis(millis);
  }

  @Test
  void showsEachPartOfAHostAndWhatItsRepairsTook() {
    profile.on(new RunEvent.Looked(W1, millis(40), 7));
    profile.on(new RunEvent.StepFinished(W1, STEP, new Outcome.Changed(List.of()), millis(900)));
    profile.on(
        new RunEvent.Parted(
            W1, new Connection.Costs(millis(1), millis(2), millis(3), 400, 500), 6));

    var tables = profile.tables();
    assertThat(tables.firstEntry().getValue().rows())
        .containsExactly(List.of("w1", "1", "2", "3", "40", "900", "6", "400", "500"));
    assertThat(tables.lastEntry().getValue().rows())
        .containsExactly(List.of("w1", "packages", "900"));
  }

  @Test
  void aConvergedHostHasNoRepairs() {
    profile.on(new RunEvent.StepFinished(W1, STEP, new Outcome.Ok(), millis(1)));
    assertThat(profile.tables()).hasSize(1);
  }
}

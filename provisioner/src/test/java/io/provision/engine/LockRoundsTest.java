package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.engine.event.TargetName;
import io.provision.model.HostName;
import java.util.List;
import org.junit.jupiter.api.Test;

final class LockRoundsTest {
  @Test
  void asManyRoundsAsTargetsAreEnoughAndOneMoreNamesWhoKeepsAsking() {
    var rounds = new LockRounds(3);
    var asking = List.of(name("w2"), name("w1"));
    for (var round = 1; round <= 3; round++) {
      assertThatCode(() -> rounds.begin(asking)).doesNotThrowAnyException();
    }
    assertThatThrownBy(() -> rounds.begin(asking))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("locks were taken 3 times, and w1, w2 still asks for one");
  }

  private static TargetName name(String host) {
    return TargetName.of(new HostName(host));
  }
}

package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.kube.PassedTime;
import io.provision.remote.RemoteException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A host that somebody has just switched on; the time limit only ends a hanging test. */
@Timeout(60)
class ArrivingTest {
  private final List<String> notes = new ArrayList<>();
  private final PassedTime time = new PassedTime();
  private int logins;

  private static RemoteException away() {
    return new RemoteException.Unreachable("no route", "look at the cable", null);
  }

  private static RemoteException refused() {
    return new RemoteException.AuthFailed("it is booting", "look at the key", null);
  }

  /** Fails by each of these, and then by a changed key, which nobody waits out. */
  private void during(Duration most, RemoteException... before) throws Exception {
    Deque<RemoteException> left = new ArrayDeque<>(List.of(before));
    var _ =
        new Arriving(most, time, notes::add)
            .during(() -> {
              logins++;
              throw left.isEmpty()
                  ? new RemoteException.HostKeyChanged("another machine", "do not continue")
                  : left.poll();
            });
  }

  @Test
  void whatABootGoesThroughIsWaitedOutAndSaidOnce() {
    assertThatThrownBy(() -> during(Duration.ofMinutes(15), away(), away(), refused(), away()))
        .isInstanceOf(RemoteException.HostKeyChanged.class);
    assertThat(logins).isEqualTo(5);
    assertThat(notes).singleElement().asString().contains("no route", "900 s at most");
    assertThat(time.pauses().get(2))
        .as("a refused login is tried less often")
        .isGreaterThan(time.pauses().get(0));
  }

  @Test
  void hostsThatShouldBeThereAreNotWaitedFor() {
    assertThatThrownBy(() -> during(Duration.ZERO, away(), away()))
        .isInstanceOf(RemoteException.Unreachable.class)
        .hasMessage("no route");
    assertThat(logins).isEqualTo(1);
    assertThat(notes).isEmpty();
  }

  @Test
  void oneThatKeepsRefusingIsNotTriedForLong() {
    assertThatThrownBy(() ->
            during(Duration.ofMinutes(15), refused(), refused(), refused(), refused(), away()))
        .isInstanceOf(RemoteException.AuthFailed.class);
    assertThat(logins).isEqualTo(4);
  }

  @Test
  void oneThatDoesNotComeIsGivenUpInTheEnd() {
    assertThatThrownBy(() -> during(Duration.ofNanos(1), away(), away()))
        .isInstanceOf(RemoteException.Unreachable.class)
        .hasMessageContaining("waiting for it to answer")
        .hasMessageContaining("no route");
  }
}

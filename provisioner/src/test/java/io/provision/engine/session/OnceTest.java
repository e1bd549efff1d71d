package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.desk.DeskException;
import io.provision.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A token is had once a run, however many hosts need it, and at once. */
final class OnceTest {
  private final List<String> fetched = new CopyOnWriteArrayList<>();
  private final Once<String, Secret> once = new Once<>();

  @Test
  void whoeverNeedsItGetsTheOneThatWasFetchedFirst() {
    var got = new CopyOnWriteArrayList<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int i = 0; i < 8; i++) {
        var _ = threads.submit(() -> got.add(get("token")));
      }
    }
    assertThat(fetched).containsExactly("token");
    assertThat(got).hasSize(8).containsOnly("token 1");
    assertThat(get("another")).isEqualTo("another 2");
  }

  @Test
  void whatCouldNotBeFetchedIsTriedByTheNextWhoNeedsIt() throws Exception {
    assertThatThrownBy(() ->
            once.of(
                "token",
                () -> {
                  throw new DeskException("it does not answer", "start it", null);
                }))
        .isInstanceOf(DeskException.class);
    assertThat(get("token")).isEqualTo("token 1");
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whatFailsFailsForAllWhoWaitedForIt() throws Exception {
    var others = new ArrayList<Thread>();
    var told = new CopyOnWriteArrayList<String>();
    for (int i = 0; i < 5; i++) {
      others.add(Thread.ofPlatform().unstarted(() -> told.add(failing("another"))));
    }
    told.add(
        failing(() -> {
          others.forEach(Thread::start);
          while (!others.stream().allMatch(it -> it.getState() == Thread.State.WAITING)) {
            Thread.onSpinWait();
          }
          throw new DeskException("it does not answer", "start it", null);
        }));
    for (var other : others) {
      other.join();
    }
    assertThat(told).hasSize(6).containsOnly("it does not answer: start it");
    assertThat(get("token")).isEqualTo("token 1");
  }

  @Test
  @Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
  void whoIsInterruptedFailsAlone() throws Exception {
    var told = new CopyOnWriteArrayList<String>();
    var other = Thread.ofPlatform().unstarted(() -> told.add(get("token")));
    told.add(
        failing(() -> {
          other.start();
          while (other.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
          }
          Thread.currentThread().interrupt();
          throw new DeskException("it was told to end", "run again", null);
        }));
    assertThat(Thread.interrupted()).isTrue();
    other.join();
    assertThat(told).containsExactlyInAnyOrder("it was told to end: run again", "token 1");
  }

  private String failing(String reason) {
    return failing(() -> {
      throw new DeskException(reason, "nobody asks for it", null);
    });
  }

  private String failing(Once.Source<Secret> source) {
    try {
      return once.of("token", source).toString();
    } catch (DeskException e) {
      return e.what() + ": " + e.remedy();
    }
  }

  private String get(String key) {
    try {
      var secret =
          once.of(
              key,
              () -> {
                fetched.add(key);
                return Secret.of(key + " " + fetched.size());
              });
      return new String(secret.reveal(), StandardCharsets.UTF_8);
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}

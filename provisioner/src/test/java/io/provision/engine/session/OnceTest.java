package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.desk.DeskException;
import io.provision.model.Secret;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** A token is had once a run, however many hosts need it, and at once. */
final class OnceTest {
  private final List<String> fetched = new CopyOnWriteArrayList<>();
  private final Once<String> once = new Once<>();

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

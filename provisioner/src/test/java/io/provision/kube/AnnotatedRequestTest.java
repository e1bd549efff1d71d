package io.provision.kube;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What is asked of a controller by an annotation, and what it says to that. */
final class AnnotatedRequestTest {
  private static final ObjectRef W1 = ObjectRef.of("v1", "Node", "w1");

  private final FakeNodes nodes = new FakeNodes().node("w1");
  private final List<String> told = new ArrayList<>();
  private int looks;

  private void run(Runnable between, Duration timeout) throws Exception {
    var time =
        new PassedTime(_ -> {
          looks++;
          between.run();
        });
    var request =
        new ClusterAction.Request(W1, "its/remove", "its/removed", "it to go", timeout, "look");
    new ClusterActions(nodes, time, told::add).run(request);
  }

  /** Null takes an annotation away. */
  private void set(String key, @org.jspecify.annotations.Nullable Object value) {
    try {
      var annotations = new HashMap<String, Object>();
      annotations.put(key, value);
      nodes.merge(W1, Map.of("metadata", Map.of("annotations", annotations)));
    } catch (ClusterException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void itIsAskedOnceAndWaitedFor() throws Exception {
    run(
        () -> {
          if (looks == 3) {
            set("its/removed", "w1-1234");
          }
        },
        Duration.ofHours(1));
    assertThat(looks).isEqualTo(3);
    assertThat(told).containsExactly("waiting for it to go");
    assertThat(nodes.requests().stream().filter(it -> it.startsWith("merge"))).hasSize(2);
  }

  @Test
  void whatWasDoneIsNotAskedForAgain() throws Exception {
    set("its/removed", "w1-1234");
    run(() -> {}, Duration.ofHours(1));
    assertThat(looks).isZero();
    assertThat(nodes.requests().stream().filter(it -> it.startsWith("merge"))).hasSize(1);
  }

  @Test
  void whatAKilledRunAskedForIsWaitedFor() throws Exception {
    set("its/remove", "true");
    run(() -> set("its/removed", "w1-1234"), Duration.ofHours(1));
    assertThat(nodes.requests().stream().filter(it -> it.startsWith("merge"))).hasSize(2);
  }

  @Test
  void aControllerThatTakesTheRequestAwayHasRefused() {
    assertThatThrownBy(() -> run(() -> set("its/remove", null), Duration.ofHours(1)))
        .isInstanceOfSatisfying(
            ClusterException.class,
            e -> {
              assertThat(e.what()).isEqualTo("it to go was refused");
              assertThat(e.remedy()).isEqualTo("look");
            });
  }

  @Test
  void nothingIsAskedOfWhatIsGone() throws Exception {
    nodes.delete(W1);
    run(() -> {}, Duration.ofHours(1));
    assertThat(nodes.requests()).noneMatch(it -> it.startsWith("merge"));
  }

  @Test
  void anApiThatIsSilentForAWhileIsWaitedFor() throws Exception {
    run(
        () -> {
          if (looks == 1) {
            nodes.silent("read", 2);
          }
          if (looks == 4) {
            set("its/removed", "x");
          }
        },
        Duration.ofHours(1));
    assertThat(looks).isEqualTo(4);
  }

  @Test
  void itEndsWithWhatIsMissing() {
    assertThatThrownBy(() -> run(() -> {}, Duration.ZERO))
        .isInstanceOfSatisfying(
            ClusterException.class,
            e ->
                assertThat(e.what())
                    .isEqualTo(
                        "timed out after 0 s waiting for it to go (nobody says that it is done)"));
  }
}

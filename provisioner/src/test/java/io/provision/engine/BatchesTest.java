package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.TargetName;
import io.provision.model.HostName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Who goes in which batch, and when a batch may begin. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class BatchesTest {
  private static final TargetName A = name("a");
  private static final TargetName B = name("b");
  private static final TargetName C = name("c");
  private static final TargetName D = name("d");
  private static final TargetName E = name("e");

  /** Segment 0 goes at once, 1 two at a time. */
  private final Batches batches =
      new Batches(List.of(0, 2), Map.of(0, List.of(A, B), 1, List.of(A, B, C, D, E)));

  private static TargetName name(String host) {
    return TargetName.of(new HostName(host));
  }

  @Test
  void targetsGoInTheirOrderSoManyAtATime() {
    assertThat(Stream.of(A, B, C, D, E).map(it -> batches.place(1, it).orElseThrow()))
        .containsExactly(0, 0, 1, 1, 2);
    assertThat(batches.place(0, A)).as("where all go at once").isEmpty();
    assertThat(batches.place(1, name("idle"))).as("who has nothing to do").isEmpty();
    assertThat(batches.place(9, A)).isEmpty();
    assertThat(batches.any()).isTrue();
    assertThat(new Batches(List.of(0), Map.of(0, List.of(A))).any()).isFalse();
  }

  /** Had it ended before, it would have ended well. */
  @Test
  void aBatchEndsWithTheLastOfItsOwn() throws Exception {
    assertThat(batches.await(1, A)).isEmpty();
    assertThat(batches.await(0, C)).isEmpty();
    assertThat(batches.await(1, name("idle"))).isEmpty();

    batches.leave(1, A, Optional.empty());
    batches.leave(1, A, Optional.of("said too late"));
    batches.leave(0, B, Optional.of("in another segment"));
    batches.leave(1, name("idle"), Optional.of("not in it"));
    batches.leave(1, B, Optional.of("b broke"));
    assertThat(batches.await(1, C)).contains("b broke");
  }

  @Test
  void whatFailedFirstIsWhyThePlayEnds() throws Exception {
    batches.leave(1, B, Optional.of("b broke"));
    batches.leave(1, A, Optional.of("a broke"));
    assertThat(batches.await(1, D)).contains("b broke");
    batches.leave(1, C, Optional.empty());
    batches.leave(1, D, Optional.empty());
    assertThat(batches.await(1, E)).as("each batch by the one before it").isEmpty();
  }

  @Test
  void whoComesBeforeWhomIsToldByBatches() {
    assertThat(batches.before(1, A)).isEmpty();
    assertThat(batches.before(1, D)).containsExactlyInAnyOrder(A, B);
    assertThat(batches.before(1, E)).containsExactlyInAnyOrder(C, D);
    assertThat(batches.before(0, B)).isEmpty();

    assertThat(batches.later(1, A, C)).isTrue();
    assertThat(batches.later(1, A, B)).as("in one batch").isFalse();
    assertThat(batches.later(1, C, A)).isFalse();
    assertThat(batches.later(0, A, B)).isFalse();
    assertThat(batches.later(1, A, name("idle"))).isFalse();
  }
}

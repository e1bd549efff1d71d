package io.provision.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.console.text.View;
import io.provision.engine.event.RunEvent;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class EventQueueTest {
  private static RunEvent note(int number) {
    return new RunEvent.Note(Tale.host("w1"), Integer.toString(number));
  }

  @Test
  void aViewThatIsStuckHoldsNobodyUpAndLosesNothing() {
    var stuck = new CountDownLatch(1);
    var seen = new ArrayList<RunEvent>();
    View slow =
        (event, _) -> {
          try {
            stuck.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          seen.add(event);
        };
    var queue = new EventQueue(List.of(slow), Clock.systemUTC());

    for (var i = 0; i < 50_000; i++) {
      queue.on(note(i));
    }
    stuck.countDown();
    queue.close();

    assertThat(seen).hasSize(50_000).startsWith(note(0)).endsWith(note(49_999));
  }

  @Test
  void onlyProgressIsDroppedWhereManyEventsWait() {
    var stuck = new CountDownLatch(1);
    var seen = new ArrayList<RunEvent>();
    View slow =
        (event, _) -> {
          try {
            stuck.await();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
          seen.add(event);
        };
    var queue = new EventQueue(List.of(slow), Clock.systemUTC());
    for (var i = 0; i < 30_000; i++) {
      queue.on(new RunEvent.Progress(Tale.host("w1"), Tale.step("a", 0), "p"));
    }
    queue.on(note(1));
    stuck.countDown();
    queue.close();

    assertThat(seen).hasSizeLessThan(11_000).endsWith(note(1));
  }

  @Test
  void aViewThatBreaksLeavesTheOthersTheirEvents() {
    var seen = new ArrayList<RunEvent>();
    View broken =
        (_, _) -> {
          throw new IllegalStateException("a bug");
        };
    View sound = (event, _) -> seen.add(event);
    var queue = new EventQueue(List.of(broken, sound), Clock.systemUTC());

    queue.on(note(1));
    queue.on(note(2));
    queue.close();

    assertThat(seen).hasSize(2);
    assertThat(queue.broke()).get().extracting(Throwable::getMessage).isEqualTo("a bug");
  }

  @Test
  void anErrandIsDoneAfterAllThatWasSentBefore() {
    var seen = new ArrayList<RunEvent>();
    View view = (RunEvent event, Instant _) -> seen.add(event);
    var queue = new EventQueue(List.of(view), Clock.systemUTC());

    queue.on(note(1));
    var count = queue.call(seen::size);
    queue.close();

    assertThat(count).isEqualTo(1);
  }
}

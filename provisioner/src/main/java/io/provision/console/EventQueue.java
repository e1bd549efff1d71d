package io.provision.console;

import io.provision.console.text.View;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Carries events to the views on a thread of its own, so that a slow terminal or a full pipe holds
 * nobody up. Events are never dropped but for progress texts when many are waiting; all others are
 * bounded by hosts times steps.
 */
final class EventQueue implements RunListener, AutoCloseable {
  private static final int MOST_PROGRESS = 10_000;
  private static final long FRAME_MILLIS = 100;
  private static final long GRACE_MILLIS = 300;

  private sealed interface Parcel {
    record Event(RunEvent event, Instant at) implements Parcel {}

    record Errand(Runnable work) implements Parcel {}

    record End() implements Parcel {}
  }

  private final BlockingQueue<Parcel> queue = new LinkedBlockingQueue<>();
  private final AtomicReference<@Nullable Throwable> broke = new AtomicReference<>();
  private final List<View> views;
  private final Clock clock;
  private final Thread thread;
  private volatile boolean abandoned;

  EventQueue(List<View> views, Clock clock) {
    this.views = List.copyOf(views);
    this.clock = clock;
    // A platform thread: it writes to files, which would pin a virtual thread's carrier.
    this.thread = Thread.ofPlatform().name("console").daemon().start(this::work);
  }

  @Override
  public void on(RunEvent event) {
    if (event instanceof RunEvent.Progress && queue.size() > MOST_PROGRESS) {
      return;
    }
    queue.add(new Parcel.Event(event, clock.instant()));
  }

  /** Does this on the queue's thread, after all that was sent before, and waits for it. */
  <T> T call(Supplier<T> work) {
    var done = new CompletableFuture<T>();
    queue.add(
        new Parcel.Errand(() -> {
          try {
            done.complete(work.get());
          } catch (RuntimeException | Error e) {
            done.completeExceptionally(e);
          }
        }));
    return done.join();
  }

  /** Waits until everything was shown. Further events are lost. */
  @Override
  public void close() {
    queue.add(new Parcel.End());
    var interrupted = false;
    while (thread.isAlive()) {
      try {
        thread.join();
      } catch (InterruptedException _) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Shows nothing further, and does not wait for what is being shown for longer than a moment. */
  void abandon() {
    abandoned = true;
    queue.add(new Parcel.End());
    try {
      thread.join(GRACE_MILLIS);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  /** The bug that a view stumbled over, if one did; the other events were shown all the same. */
  Optional<Throwable> broke() {
    return Optional.ofNullable(broke.get());
  }

  private void work() {
    while (true) {
      try {
        var parcel = queue.poll();
        if (parcel == null) {
          guard(() -> views.forEach(view -> view.pause(clock.instant())));
          parcel = queue.poll(FRAME_MILLIS, TimeUnit.MILLISECONDS);
        }
        if (abandoned || parcel instanceof Parcel.End) {
          guard(() -> views.forEach(view -> view.pause(clock.instant())));
          return;
        }
        deliver(parcel);
      } catch (InterruptedException e) {
        broke.compareAndSet(null, e);
        return;
      }
    }
  }

  private void deliver(@Nullable Parcel parcel) {
    switch (parcel) {
      case Parcel.Event(var event, var at) ->
          views.forEach(view -> guard(() -> view.on(event, at)));
      case Parcel.Errand(var work) -> guard(work);
      case Parcel.End _ -> throw new IllegalStateException("the end is not delivered");
      case null -> {}
    }
  }

  private void guard(Runnable work) {
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      broke.compareAndSet(null, e);
    }
  }
}

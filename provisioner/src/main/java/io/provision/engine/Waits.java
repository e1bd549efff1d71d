package io.provision.engine;

import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.session.Interrupt;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * What a run does that changes nothing and may take long: looking, logging in, waiting. It is told
 * within a second what is waited for, and ends at once when an end is asked for.
 */
record Waits(RunListener listener, Interrupt interrupt, Duration patience) {
  /** What takes no longer than this is worth no word. */
  static final Duration PATIENCE = Duration.ofMillis(700);

  private static final Runnable NOTHING = () -> {};

  /**
   * Who waits for what.
   *
   * @param what completes "waiting for ..."
   * @param most after which it is given up, where that is known
   */
  record Subject(TargetName target, Optional<StepRef> step, String what, Optional<Duration> most) {
    static Subject of(TargetName target, String what) {
      return new Subject(target, Optional.empty(), what, Optional.empty());
    }

    static Subject of(TargetName target, String what, Duration most) {
      return new Subject(target, Optional.empty(), what, Optional.of(most));
    }
  }

  <T, E extends Exception> T during(Subject subject, Interrupt.Idle<T, E> work)
      throws E, InterruptedException {
    return during(subject, NOTHING, work);
  }

  /**
   * @param giveUp ends it from another thread
   */
  <T, E extends Exception> T during(Subject subject, Runnable giveUp, Interrupt.Idle<T, E> work)
      throws E, InterruptedException {
    try (var _ = new Clock(subject)) {
      return interrupt.idle(giveUp, work);
    }
  }

  /** Tells at once: a wait that is known to be long, and who is in the way. */
  void tell(Subject subject, String holder, Instant since) {
    listener.on(
        new RunEvent.Waiting(
            subject.target(),
            subject.step(),
            subject.what(),
            holder,
            since,
            subject.most().map(since::plus)));
  }

  /** Tells when patience is over, unless it was closed before; never after that. */
  private final class Clock implements AutoCloseable {
    private final Instant since = Instant.now();
    private final CountDownLatch over = new CountDownLatch(1);

    Clock(Subject subject) {
      Thread.ofVirtual()
          .name("waiting")
          .start(() -> {
            try {
              if (!over.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                tellIfOpen(subject);
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }

    private synchronized void tellIfOpen(Subject subject) {
      if (over.getCount() > 0) {
        tell(subject, "", since);
      }
    }

    @Override
    public synchronized void close() {
      over.countDown();
    }
  }
}

package io.provision.simulated;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;

/**
 * Several runs at once in one world, of which one works at any moment: the baton goes on wherever
 * one comes to a point or waits, always in the same order, so that the same schedule is the same
 * trace. Alone, nobody is asked.
 */
final class Turns {
  private final World world;
  private final List<Runner> runners = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private int last;

  Turns(World world) {
    this.world = world;
  }

  /** Whoever takes part, by a thread of its own. */
  private static final class Runner {
    private final Thread thread;
    private final Semaphore baton = new Semaphore(0);
    private long wakes;
    private boolean done;

    private Runner(Thread thread) {
      this.thread = thread;
    }
  }

  /** Those who began on the same thread are one. */
  private Runner me() {
    var thread = Thread.currentThread();
    return runners.stream()
        .filter(it -> it.thread == thread)
        .findFirst()
        .orElseGet(() -> {
          var first = new Runner(thread);
          runners.add(first);
          return first;
        });
  }

  private boolean alone() {
    return runners.stream().filter(it -> !it.done).count() < 2;
  }

  /** Begins beside the others. */
  void beside(Runnable run) {
    var _ = me();
    var next = new Runner[1];
    var thread =
        Thread.ofVirtual()
            .unstarted(() -> {
              next[0].baton.acquireUninterruptibly();
              try {
                run.run();
              } catch (RuntimeException | Error e) {
                failures.add(e);
              } finally {
                next[0].done = true;
                handOver();
              }
            });
    next[0] = new Runner(thread);
    next[0].wakes = world.now();
    runners.add(next[0]);
    thread.start();
  }

  void pause(Duration time) {
    if (alone()) {
      world.pass(time);
      return;
    }
    me().wakes = world.now() + time.toMillis();
    passOn(me());
  }

  /** Waits until all others have come to their end. */
  void join() {
    while (!alone()) {
      me().wakes = Long.MAX_VALUE;
      passOn(me());
    }
    for (var failure : failures) {
      throw new AssertionError("beside", failure);
    }
  }

  private void passOn(Runner me) {
    handOver();
    me.baton.acquireUninterruptibly();
  }

  /** To the one that wakes first; of several, to the one whose turn is longest ago. */
  private void handOver() {
    var first = Optional.<Runner>empty();
    for (var step = 1; step <= runners.size(); step++) {
      var it = runners.get((last + step) % runners.size());
      if (!it.done && (first.isEmpty() || it.wakes < first.get().wakes)) {
        first = Optional.of(it);
      }
    }
    first.ifPresent(this::handTo);
  }

  private void handTo(Runner first) {
    last = runners.indexOf(first);
    if (first.wakes != Long.MAX_VALUE) {
      world.until(first.wakes);
    }
    first.baton.release();
  }
}

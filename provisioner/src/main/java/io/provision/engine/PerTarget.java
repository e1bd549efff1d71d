package io.provision.engine;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Virtual threads, one a target. For the thread that made it. */
final class PerTarget implements AutoCloseable {
  /** What is done for one of them. */
  @FunctionalInterface
  interface Work<E> {
    void on(E each) throws InterruptedException;
  }

  private record Started(Object each, Future<?> end) {}

  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private final List<Started> started = new ArrayList<>();

  /** Does the work for each, all at once, and waits for the last; a bug in one is thrown on. */
  static <E> void forEach(Collection<E> all, Work<E> work) throws InterruptedException {
    try (var workers = new PerTarget()) {
      all.forEach(each -> workers.start(each, work));
      workers.join();
    }
  }

  <E> void start(E each, Work<E> work) {
    var end =
        threads.submit(() -> {
          work.on(each);
          return true;
        });
    started.add(new Started(each, end));
  }

  /** Waits for the last; a bug in one is thrown on. */
  void join() throws InterruptedException {
    for (var each : started) {
      try {
        each.end().get();
      } catch (ExecutionException e) {
        if (e.getCause() instanceof InterruptedException) {
          throw new InterruptedException();
        }
        throw new IllegalStateException(
            "working on %s: %s".formatted(each.each(), e.getCause()), e.getCause());
      } catch (InterruptedException e) {
        end();
        throw e;
      }
    }
  }

  /** Wakes all that still work. */
  void end() {
    threads.shutdownNow();
  }

  /** Waits for the last. */
  @Override
  public void close() {
    threads.close();
  }
}

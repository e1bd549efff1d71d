package io.provision.engine;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;

/** One virtual thread a target. */
final class Crew {
  private Crew() {}

  /** What is done for one of them. */
  @FunctionalInterface
  interface Work<E> {
    void on(E each) throws InterruptedException;
  }

  /** Does the work for each, all at once, and waits for the last; a bug in one is thrown on. */
  static <E> void forEach(Collection<E> all, Work<E> work) throws InterruptedException {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      Function<E, Callable<Void>> call =
          each ->
              () -> {
                work.on(each);
                return null;
              };
      var each = List.copyOf(all);
      List<Future<Void>> futures = threads.invokeAll(each.stream().map(call).toList());
      for (var i = 0; i < futures.size(); i++) {
        try {
          futures.get(i).get();
        } catch (ExecutionException e) {
          if (e.getCause() instanceof InterruptedException) {
            throw new InterruptedException();
          }
          throw new IllegalStateException(
              "working on %s: %s".formatted(each.get(i), e.getCause()), e.getCause());
        }
      }
    }
  }
}

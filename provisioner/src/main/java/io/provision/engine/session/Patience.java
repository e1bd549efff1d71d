package io.provision.engine.session;

import io.provision.remote.RemoteException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * How long a login may take. A host that a run may change has as long as the connection allows; for
 * one that is only asked because another needs to know something, a run is not held up for minutes.
 *
 * @param most waiting for a turn left out; empty for as long as it takes
 */
public record Patience(Optional<Duration> most) {
  public static final Patience ENDLESS = new Patience(Optional.empty());

  /** What is waited for. */
  @FunctionalInterface
  interface Work<T> {
    T run() throws RemoteException, InterruptedException;
  }

  /**
   * @throws RemoteException.Unreachable when it took too long
   */
  <T> T during(Work<T> work) throws RemoteException, InterruptedException {
    if (most.isEmpty()) {
      return work.run();
    }
    var end = new End(most.get());
    try {
      return work.run();
    } catch (RemoteException | InterruptedException e) {
      if (end.close()) {
        throw new RemoteException.Unreachable(
            "no login within %d s".formatted(most.get().toSeconds()),
            "look at why it does not answer; where this run may change it, it gets longer",
            e);
      }
      throw e;
    } finally {
      var _ = end.close();
    }
  }

  /** Wakes the thread that made it when the time is over; never once it is closed. */
  private static final class End {
    private final Thread worker = Thread.currentThread();
    private final CountDownLatch done = new CountDownLatch(1);
    private boolean woken;

    End(Duration most) {
      Thread.ofVirtual()
          .name("patience")
          .start(() -> {
            try {
              if (!done.await(most.toMillis(), TimeUnit.MILLISECONDS)) {
                wake();
              }
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
    }

    private synchronized void wake() {
      if (done.getCount() > 0) {
        woken = true;
        worker.interrupt();
      }
    }

    /**
     * @return whether the time was over before
     */
    synchronized boolean close() {
      done.countDown();
      if (woken) {
        var _ = Thread.interrupted();
      }
      return woken;
    }
  }
}

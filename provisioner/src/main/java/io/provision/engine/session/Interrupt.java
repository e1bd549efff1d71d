package io.provision.engine.session;

import io.provision.kube.Time;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;

/**
 * Asks a run to finish what is changing something and to start nothing else. Whoever only looks or
 * waits is woken at once. For any thread.
 */
public final class Interrupt implements Time {
  private boolean requested;

  /** Who is idle now, and what ends its idling where waking the thread is not enough. */
  private final Map<Thread, Runnable> idle = new HashMap<>();

  /** Something that changes nothing. */
  @FunctionalInterface
  public interface Idle<T, E extends Exception> {
    T run() throws E, InterruptedException;
  }

  /**
   * @return whether this was the first request
   */
  public synchronized boolean request() {
    if (requested) {
      return false;
    }
    requested = true;
    idle.forEach((thread, giveUp) -> {
      giveUp.run();
      thread.interrupt();
    });
    return true;
  }

  public synchronized boolean requested() {
    return requested;
  }

  /**
   * Looks or waits, until it is done or an end is asked for.
   *
   * @param giveUp ends it from another thread; must not block
   * @throws InterruptedException when an end is or was asked for; nothing is left of it then
   */
  @SuppressWarnings("unchecked") // what is caught beside unchecked exceptions is an E
  public <T, E extends Exception> T idle(Runnable giveUp, Idle<T, E> work)
      throws E, InterruptedException {
    begin(giveUp);
    try {
      return work.run();
    } catch (InterruptedException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      if (requested()) {
        var end = new InterruptedException("an end was asked for");
        end.addSuppressed(e);
        throw end;
      }
      throw (E) e;
    } finally {
      end();
    }
  }

  /**
   * Lets time go by.
   *
   * @throws InterruptedException as {@link #idle}
   */
  @Override
  public void pause(Duration time) throws InterruptedException {
    var _ =
        idle(
            () -> {},
            () -> {
              Thread.sleep(time);
              return true;
            });
  }

  @Override
  public Time regardless() {
    return new Regardless();
  }

  /** Where an end was asked for it goes by all the same. */
  private record Regardless() implements Time {
    @Override
    public void pause(Duration time) throws InterruptedException {
      Thread.sleep(time);
    }

    @Override
    public long nanos() {
      return System.nanoTime();
    }
  }

  @Override
  public long nanos() {
    return System.nanoTime();
  }

  private synchronized void begin(Runnable giveUp) throws InterruptedException {
    if (requested) {
      throw new InterruptedException("an end was asked for");
    }
    idle.put(Thread.currentThread(), giveUp);
  }

  /** From here on nobody wakes this thread: what it does next may change something. */
  private synchronized void end() {
    idle.remove(Thread.currentThread());
    if (requested) {
      var _ = Thread.interrupted();
    }
  }
}

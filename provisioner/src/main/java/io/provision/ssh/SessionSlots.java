package io.provision.ssh;

import io.provision.remote.RemoteException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The sessions of one connection. A server with MaxSessions refuses one too many before anything is
 * executed, so it is asked again as soon as one of ours has ended.
 */
public final class SessionSlots {
  /** The server frees a session a little after it said that the session ended. */
  private static final int LATE = 20;

  private static final long LATE_MILLIS = 50;

  private final ReentrantLock lock = new ReentrantLock(true);
  private final Condition freed = lock.newCondition();
  private int open;
  private int ended;

  /** The server refused to open a session. */
  public static final class Refused extends Exception {
    private final transient RemoteException reason;

    public Refused(RemoteException reason) {
      super(reason);
      this.reason = reason;
    }
  }

  /** Opens one session; calls {@link #ended} once it has ended. */
  @FunctionalInterface
  public interface Opening<T> {
    T open() throws RemoteException, Refused;
  }

  /** Opens a session, waiting for one of the others to end where the server refuses. */
  public <T> T open(Opening<T> opening) throws RemoteException {
    for (int late = 0; ; ) {
      int seen = endedSoFar();
      try {
        var session = opening.open();
        opened();
        return session;
      } catch (Refused e) {
        if (!another(seen) && ++late > LATE) {
          throw e.reason;
        }
      }
    }
  }

  private int endedSoFar() {
    lock.lock();
    try {
      return ended;
    } finally {
      lock.unlock();
    }
  }

  private void opened() {
    lock.lock();
    try {
      open++;
    } finally {
      lock.unlock();
    }
  }

  /** Waits until one more has ended; false if none of ours was open to wait for. */
  private boolean another(int seen) throws RemoteException {
    lock.lock();
    try {
      if (open <= 0 && ended <= seen) {
        freed.await(LATE_MILLIS, java.util.concurrent.TimeUnit.MILLISECONDS);
        return ended > seen;
      }
      while (ended <= seen && open > 0) {
        freed.await();
      }
      return true;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failures.interrupted(e);
    } finally {
      lock.unlock();
    }
  }

  /** One session has ended. */
  public void ended() {
    lock.lock();
    try {
      open--;
      ended++;
      freed.signalAll();
    } finally {
      lock.unlock();
    }
  }
}

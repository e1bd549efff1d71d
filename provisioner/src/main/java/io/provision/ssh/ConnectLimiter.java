package io.provision.ssh;

import io.provision.remote.RemoteException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Semaphore;

/**
 * Bounds how many logins are under way at once: in all, because a key exchange costs CPU, and
 * through each jump host, because sshd drops connections beyond MaxStartups (10:30:100).
 */
public final class ConnectLimiter {
  private static final int IN_ALL = 64;
  private static final int THROUGH_ONE = 8;

  private final Semaphore all = new Semaphore(IN_ALL, true);
  private final Map<String, Semaphore> through = new ConcurrentHashMap<>();

  /** Runs one attempt when there is room for it. */
  public <T> T within(Optional<Login> via, Deadline deadline, Attempts.Attempt<T> attempt)
      throws RemoteException, Attempts.Dropped {
    var narrow =
        via.map(hop ->
                through.computeIfAbsent(hop.toString(), x -> new Semaphore(THROUGH_ONE, true)))
            .orElseGet(() -> new Semaphore(1));
    var asked = System.nanoTime();
    acquire(narrow);
    try {
      acquire(all);
      deadline.excuse(asked);
      try {
        return attempt.run(deadline);
      } finally {
        all.release();
      }
    } finally {
      narrow.release();
    }
  }

  private static void acquire(Semaphore semaphore) throws RemoteException {
    try {
      semaphore.acquire();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failures.interrupted(e);
    }
  }
}

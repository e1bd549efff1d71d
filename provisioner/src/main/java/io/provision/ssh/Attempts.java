package io.provision.ssh;

import io.provision.remote.RemoteException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How patient to be with a host. Only what provably executed nothing is tried again: a refused or
 * dropped connection before authentication, as sshd does to too many at once (MaxStartups).
 *
 * @param connect until the TCP connection stands
 * @param login from there until the login is accepted
 * @param most attempts in all, the first included
 * @param pause before the second attempt; doubles each time, plus up to half of it at random
 */
public record Attempts(Duration connect, Duration login, int most, Duration pause) {
  /** Between two attempts never longer than this. */
  private static final Duration LONGEST = Duration.ofSeconds(8);

  public static final Attempts DEFAULT =
      new Attempts(Duration.ofSeconds(10), Duration.ofSeconds(30), 6, Duration.ofMillis(500));

  /** An attempt that can be repeated, since nothing was executed and no login was refused. */
  public static final class Dropped extends Exception {
    private final transient RemoteException reason;
    private final int most;

    /**
     * @param reason what to say when there is no further attempt
     * @param most after so many attempts in all there is none, whatever {@link Attempts} allow
     */
    public Dropped(RemoteException reason, int most) {
      super(reason);
      this.reason = reason;
      this.most = most;
    }
  }

  /** One attempt. */
  @FunctionalInterface
  public interface Attempt<T> {
    T run() throws RemoteException, Dropped;
  }

  /** Runs until it works, fails for good, or is dropped too often. */
  public <T> T run(Attempt<T> attempt) throws RemoteException {
    for (int tried = 1; ; tried++) {
      try {
        return attempt.run();
      } catch (Dropped e) {
        if (tried >= Math.min(most, e.most)) {
          throw e.reason;
        }
        pause(tried, e.reason);
      }
    }
  }

  private void pause(int tried, RemoteException reason) throws RemoteException {
    var wait = pause.multipliedBy(1L << Math.min(tried - 1, 10));
    long millis = Math.min(wait.toMillis(), LONGEST.toMillis());
    try {
      Thread.sleep(millis + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reason.addSuppressed(e);
      throw reason;
    }
  }
}

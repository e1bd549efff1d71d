package io.provision.ssh;

import io.provision.remote.RemoteException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How patient to be with a host. Only what provably executed nothing is tried again: a refused or
 * dropped connection before authentication, as sshd does to too many at once (MaxStartups).
 *
 * @param connect until the TCP connection stands, for one address
 * @param budget for the connection as a whole, where its host has none of its own
 * @param most attempts in all, the first included
 * @param pause before the second attempt; doubles each time, plus up to half of it at random
 */
public record Attempts(Duration connect, Duration budget, int most, Duration pause) {
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
    T run(Deadline deadline) throws RemoteException, Dropped;
  }

  /** Runs until it works, fails for good, is dropped too often, or the budget is used up. */
  public <T> T run(Login login, Attempt<T> attempt) throws RemoteException {
    var deadline = new Deadline(login.budget().orElse(budget));
    for (int tried = 1; ; tried++) {
      try {
        return attempt.run(deadline);
      } catch (Dropped e) {
        if (tried >= Math.min(most, e.most) || deadline.over()) {
          throw e.reason;
        }
        pause(tried, deadline, e.reason);
      }
    }
  }

  private void pause(int tried, Deadline deadline, RemoteException reason) throws RemoteException {
    var wait = pause.multipliedBy(1L << Math.min(tried - 1, 10));
    long millis = Math.min(wait.toMillis(), LONGEST.toMillis());
    try {
      var wanted = Duration.ofMillis(millis + ThreadLocalRandom.current().nextLong(millis / 2 + 1));
      Thread.sleep(deadline.atMost(wanted));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reason.addSuppressed(e);
      throw reason;
    }
  }
}

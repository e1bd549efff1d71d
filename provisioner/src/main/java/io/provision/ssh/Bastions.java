package io.provision.ssh;

import io.provision.remote.RemoteException;
import io.provision.ssh.Attempts.Dropped;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * One login to each jump host, shared by all that is behind it.
 *
 * @param <S> a library's session
 */
public final class Bastions<S> implements AutoCloseable {
  /** Whoever is logging in began earlier: what it says when its time is up is the better reason. */
  private static final Duration GRACE = Duration.ofSeconds(2);

  private final Map<Login, Bastion<S>> all = new ConcurrentHashMap<>();
  private final Predicate<S> alive;
  private final Consumer<S> closing;

  public Bastions(Predicate<S> alive, Consumer<S> closing) {
    this.alive = alive;
    this.closing = closing;
  }

  /** Logs in to a jump host. */
  @FunctionalInterface
  public interface Logging<S> {
    S in(Login hop) throws RemoteException, Dropped;
  }

  /**
   * The session that stands, or a new one; the others wait for whoever is logging in, and share the
   * reason where that fails.
   */
  public S session(Login hop, Deadline deadline, Logging<S> logging)
      throws RemoteException, Dropped {
    var bastion = all.computeIfAbsent(hop, x -> new Bastion<>());
    var asked = System.nanoTime();
    if (!locked(bastion.lock, deadline)) {
      throw Failures.tooSlow(hop, HandshakePhase.LOGIN, deadline, null);
    }
    try {
      var session = bastion.session;
      if (session != null && alive.test(session)) {
        return session;
      }
      if (bastion.failedAt - asked > 0) {
        throw bastion.failure();
      }
      try {
        session = logging.in(hop);
        bastion.session = session;
        return session;
      } catch (RemoteException | Dropped e) {
        bastion.failed = e;
        bastion.failedAt = System.nanoTime();
        throw e;
      }
    } finally {
      bastion.lock.unlock();
    }
  }

  private static boolean locked(ReentrantLock lock, Deadline deadline) throws RemoteException {
    try {
      return lock.tryLock(deadline.left().plus(GRACE).toNanos(), TimeUnit.NANOSECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Failures.interrupted(e);
    }
  }

  @Override
  public void close() {
    for (var bastion : all.values()) {
      var session = bastion.session;
      if (session != null) {
        closing.accept(session);
      }
    }
  }

  private static final class Bastion<S> {
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable S session;
    private @Nullable Exception failed;
    private long failedAt = Long.MIN_VALUE / 2;

    /** Why the last login failed; throws what is to be tried again. */
    RemoteException failure() throws Dropped {
      return switch (failed) {
        case Dropped again -> throw again;
        case RemoteException reason -> reason;
        case null, default -> throw new IllegalStateException(failed);
      };
    }
  }
}

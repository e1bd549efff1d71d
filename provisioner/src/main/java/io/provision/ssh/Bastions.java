package io.provision.ssh;

import io.provision.remote.RemoteException;
import io.provision.ssh.Attempts.Dropped;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
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

  /** The session that stands, or a new one; the others wait for whoever is logging in. */
  public S session(Login hop, Logging<S> logging) throws RemoteException, Dropped {
    var bastion = all.computeIfAbsent(hop, x -> new Bastion<>());
    bastion.lock.lock();
    try {
      var session = bastion.session;
      if (session == null || !alive.test(session)) {
        session = logging.in(hop);
        bastion.session = session;
      }
      return session;
    } finally {
      bastion.lock.unlock();
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
  }
}

package io.provision.mina;

import io.provision.remote.RemoteException;
import io.provision.ssh.Attempts.Dropped;
import io.provision.ssh.Login;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.apache.sshd.client.session.ClientSession;
import org.jspecify.annotations.Nullable;

/** One login to each jump host, shared by all that is behind it. */
final class Bastions implements AutoCloseable {
  private final Map<Login, Bastion> all = new ConcurrentHashMap<>();

  /** Logs in to a jump host. */
  @FunctionalInterface
  interface Logging {
    ClientSession in(Login hop) throws RemoteException, Dropped;
  }

  /** The session that stands, or a new one; the others wait for whoever is logging in. */
  ClientSession session(Login hop, Logging logging) throws RemoteException, Dropped {
    var bastion = all.computeIfAbsent(hop, x -> new Bastion());
    bastion.lock.lock();
    try {
      var session = bastion.session;
      if (session == null || !session.isOpen()) {
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
        var _ = session.close(true);
      }
    }
  }

  private static final class Bastion {
    private final ReentrantLock lock = new ReentrantLock();
    private volatile @Nullable ClientSession session;
  }
}

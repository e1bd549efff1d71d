package io.provision.mina;

import io.provision.model.Host;
import io.provision.remote.Connection;
import io.provision.remote.RemoteException;
import io.provision.remote.Transport;
import io.provision.ssh.Attempts;
import io.provision.ssh.ConnectLimiter;
import io.provision.ssh.HostKeys;
import io.provision.ssh.Logins;
import io.provision.ssh.Workstation;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** SSH by Apache MINA SSHD. The library is loaded with the first connection, not before. */
public final class MinaTransport implements Transport {
  private final Attempts patience;
  private final Logins logins;
  private final HostKeys hostKeys;
  private final ConnectLimiter limiter = new ConnectLimiter();
  private final ReentrantLock starting = new ReentrantLock();
  private @Nullable MinaDialer dialer;

  public MinaTransport(Workstation here, Attempts patience, HostKeys hostKeys) {
    this.logins = new Logins(here);
    this.hostKeys = hostKeys;
    this.patience = patience;
  }

  /**
   * @param hostKeys shared by all that a run connects with
   */
  public MinaTransport(HostKeys hostKeys) {
    this(Workstation.current(), Attempts.DEFAULT, hostKeys);
  }

  @Override
  public Connection connect(Host host) throws RemoteException {
    var login = logins.of(host);
    var ready = dialer();
    return patience.run(
        login,
        deadline ->
            limiter.within(login.via(), deadline, left -> ready.connect(host, login, left)));
  }

  @Override
  public void trust(Collection<RemoteException.HostKeyUnknown> keys) throws IOException {
    hostKeys.trust(keys);
  }

  @Override
  public List<String> warnings() {
    return Stream.concat(logins.warnings().stream(), hostKeys.warnings().stream()).toList();
  }

  private MinaDialer dialer() {
    starting.lock();
    try {
      if (dialer == null) {
        dialer = new MinaDialer(Client.start(patience), hostKeys, patience);
      }
      return dialer;
    } finally {
      starting.unlock();
    }
  }

  @Override
  public void close() {
    starting.lock();
    try {
      Optional.ofNullable(dialer).ifPresent(MinaDialer::close);
    } finally {
      starting.unlock();
    }
  }
}

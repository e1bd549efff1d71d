package io.provision.jsch;

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
import java.util.stream.Stream;

/** SSH by JSch, whose cryptography is the JDK's own. */
public final class JschTransport implements Transport {
  private final Attempts patience;
  private final Logins logins;
  private final HostKeys hostKeys;
  private final ConnectLimiter limiter = new ConnectLimiter();
  private final JschDialer dialer;

  public JschTransport(Workstation here, Attempts patience, HostKeys hostKeys) {
    this.logins = new Logins(here);
    this.hostKeys = hostKeys;
    this.patience = patience;
    this.dialer = new JschDialer(hostKeys, patience);
  }

  /**
   * @param hostKeys shared by all that a run connects with
   */
  public JschTransport(HostKeys hostKeys) {
    this(Workstation.current(), Attempts.DEFAULT, hostKeys);
  }

  @Override
  public Connection connect(Host host) throws RemoteException {
    var login = logins.of(host);
    return patience.run(
        login,
        deadline ->
            limiter.within(login.via(), deadline, left -> dialer.connect(host, login, left)));
  }

  @Override
  public void trust(Collection<RemoteException.HostKeyUnknown> keys) throws IOException {
    hostKeys.trust(keys);
  }

  @Override
  public List<String> warnings() {
    return Stream.concat(logins.warnings().stream(), hostKeys.warnings().stream()).toList();
  }

  @Override
  public void close() {
    dialer.close();
  }
}

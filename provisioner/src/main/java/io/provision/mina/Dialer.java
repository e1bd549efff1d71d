package io.provision.mina;

import io.provision.model.Host;
import io.provision.remote.Connection.Costs;
import io.provision.remote.RemoteException;
import io.provision.ssh.Attempts;
import io.provision.ssh.Attempts.Dropped;
import io.provision.ssh.Failures;
import io.provision.ssh.HostKeys;
import io.provision.ssh.Login;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;

/** Makes one attempt at a login, through jump hosts where it must, and says what went wrong. */
final class Dialer implements AutoCloseable {
  private final SshClient client;
  private final HostKeys hostKeys;
  private final Attempts patience;
  private final Identities.Reader keys = new Identities.Reader();
  private final Bastions bastions = new Bastions();

  Dialer(SshClient client, HostKeys hostKeys, Attempts patience) {
    this.client = client;
    this.hostKeys = hostKeys;
    this.patience = patience;
  }

  MinaConnection connect(Host host, Login login) throws RemoteException, Dropped {
    var standing = login(host, login);
    return new MinaConnection(standing.dial(), standing.session(), standing.price());
  }

  private record Standing(Dial dial, ClientSession session, Costs price) {}

  private Standing login(Host host, Login login) throws RemoteException, Dropped {
    if (login.via().isEmpty()) {
      return login(host, login, Optional.empty());
    }
    var hop = login.via().get();
    var bastion = bastions.session(hop, asked -> login(host, asked).session());
    return login(host, login, Optional.of(bastion));
  }

  private Standing login(Host host, Login login, Optional<ClientSession> through)
      throws RemoteException, Dropped {
    var dial = new Dial(host, login, hostKeys, keys.of(login), through);
    long start = System.nanoTime();
    var session = open(dial);
    long connected = System.nanoTime();
    try {
      authenticate(dial, session);
    } catch (RemoteException | Dropped | RuntimeException e) {
      var _ = session.close(true);
      throw e;
    }
    long done = System.nanoTime();
    var price =
        new Costs(
            Duration.ofNanos(connected - start),
            Duration.ofNanos(Math.max(0, dial.verifiedAt() - connected)),
            Duration.ofNanos(done - Math.max(dial.verifiedAt(), connected)),
            0,
            0);
    return new Standing(dial, session, price);
  }

  private ClientSession open(Dial dial) throws RemoteException, Dropped {
    var login = dial.login;
    if (dial.through.isPresent()) {
      return open(dial, InetSocketAddress.createUnresolved(login.hostName().value(), login.port()));
    }
    try {
      Dropped last = null;
      for (var address : InetAddress.getAllByName(login.hostName().value())) {
        try {
          return open(dial, new InetSocketAddress(address, login.port()));
        } catch (Dropped e) {
          last = e;
        }
      }
      throw last == null ? Failures.noConnection(login, new UnknownHostException()) : last;
    } catch (UnknownHostException e) {
      throw Failures.noSuchName(login, e);
    }
  }

  private ClientSession open(Dial dial, InetSocketAddress address) throws Dropped {
    try {
      return client
          .connect(dial.login.user(), address, dial.context(), null)
          .verify(patience.connect().plusSeconds(1))
          .getSession();
    } catch (IOException | RuntimeException e) {
      throw Failures.noConnection(dial.login, e);
    }
  }

  private void authenticate(Dial dial, ClientSession session) throws RemoteException, Dropped {
    try {
      session.auth().verify(patience.login());
    } catch (IOException | RuntimeException e) {
      var rejected = dial.rejected();
      if (rejected.isPresent()) {
        throw rejected.get();
      }
      throw failed(dial, e);
    }
  }

  private static RemoteException failed(Dial dial, Exception cause) throws Dropped {
    int code = cause instanceof SshException ssh ? ssh.getDisconnectCode() : 0;
    if (code == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE
        || !dial.offered().isEmpty()) {
      return Failures.refused(dial.login, dial.offered(), dial.notes());
    }
    if (code == SshConstants.SSH2_DISCONNECT_KEY_EXCHANGE_FAILED) {
      return Failures.noCommonAlgorithm(dial.login, Failures.evidence(cause));
    }
    throw Failures.dropped(dial.login, cause);
  }

  @Override
  public void close() {
    bastions.close();
    client.stop();
  }
}

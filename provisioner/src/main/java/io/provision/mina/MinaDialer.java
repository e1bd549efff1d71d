package io.provision.mina;

import io.provision.model.Host;
import io.provision.remote.RemoteException;
import io.provision.ssh.Attempts;
import io.provision.ssh.Attempts.Dropped;
import io.provision.ssh.Bastions;
import io.provision.ssh.Deadline;
import io.provision.ssh.Failures;
import io.provision.ssh.Handshake;
import io.provision.ssh.HostKeys;
import io.provision.ssh.KeyFiles;
import io.provision.ssh.Login;
import io.provision.ssh.ProxyCommand;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.security.KeyPair;
import java.util.Optional;
import java.util.concurrent.TimeoutException;
import org.apache.sshd.client.SshClient;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.SshConstants;
import org.apache.sshd.common.SshException;

/** Makes one attempt at a login, through jump hosts where it must, and says what went wrong. */
final class MinaDialer implements AutoCloseable {
  private final SshClient client;
  private final HostKeys hostKeys;
  private final Attempts patience;
  private final KeyFiles<KeyPair> keys = new KeyFiles<>(new MinaKeyDecoder());
  private final Bastions<ClientSession> bastions =
      new Bastions<>(ClientSession::isOpen, session -> session.close(true));

  MinaDialer(SshClient client, HostKeys hostKeys, Attempts patience) {
    this.client = client;
    this.hostKeys = hostKeys;
    this.patience = patience;
  }

  MinaConnection connect(Host host, Login login, Deadline deadline)
      throws RemoteException, Dropped {
    var handshake = new Handshake(host, login, hostKeys);
    return new MinaConnection(handshake, login(host, handshake, deadline));
  }

  private ClientSession login(Host host, Handshake handshake, Deadline deadline)
      throws RemoteException, Dropped {
    var login = handshake.login();
    var loaded = keys.of(login, deadline);
    loaded.notes().forEach(handshake::note);
    var through = Optional.<ClientSession>empty();
    if (login.via().isPresent()) {
      through =
          Optional.of(
              bastions.session(
                  login.via().get(),
                  deadline,
                  hop -> login(host, new Handshake(host, hop, hostKeys), deadline)));
    }
    if (login.proxy().isEmpty()) {
      return login(new Dial(handshake, loaded, Optional.empty(), through), deadline);
    }
    var proxy = started(login);
    try {
      return login(new Dial(handshake, loaded, Optional.of(proxy), through), deadline);
    } catch (RemoteException | Dropped | RuntimeException e) {
      proxy.close();
      throw e;
    }
  }

  private static ProxyCommand.Running started(Login login) throws Dropped {
    try {
      return login.proxy().orElseThrow().start();
    } catch (IOException e) {
      throw Failures.noProxy(login, Failures.evidence(e));
    }
  }

  private ClientSession login(Dial dial, Deadline deadline) throws RemoteException, Dropped {
    var session = open(dial, deadline);
    dial.handshake().connected();
    try {
      authenticate(dial, session, deadline);
    } catch (RemoteException | Dropped | RuntimeException e) {
      var _ = session.close(true);
      throw e;
    }
    dial.handshake().done();
    return session;
  }

  private ClientSession open(Dial dial, Deadline deadline) throws RemoteException, Dropped {
    var login = dial.handshake().login();
    if (dial.through().isPresent() || dial.proxy().isPresent()) {
      return open(
          dial,
          InetSocketAddress.createUnresolved(login.hostName().value(), login.port()),
          deadline);
    }
    try {
      Dropped last = null;
      for (var address : InetAddress.getAllByName(login.hostName().value())) {
        try {
          return open(dial, new InetSocketAddress(address, login.port()), deadline);
        } catch (Dropped e) {
          last = e;
        }
      }
      throw last == null ? Failures.noConnection(login, new UnknownHostException()) : last;
    } catch (UnknownHostException e) {
      throw Failures.noSuchName(login, e);
    }
  }

  private ClientSession open(Dial dial, InetSocketAddress address, Deadline deadline)
      throws Dropped {
    try {
      return client
          .connect(dial.handshake().login().user(), address, dial.context(), null)
          .verify(deadline.atMost(patience.connect()))
          .getSession();
    } catch (IOException | RuntimeException e) {
      throw notOpened(dial, e);
    }
  }

  private static Dropped notOpened(Dial dial, Exception cause) {
    var root = root(cause);
    var login = dial.handshake().login();
    if (dial.through().isPresent()) {
      return Failures.noTunnel(login.via().orElse(login), login, Failures.evidence(root));
    }
    // MINA makes its session as soon as the connection stands; what fails then was dropped.
    return root instanceof SocketException || root instanceof TimeoutException
        ? Failures.noConnection(login, root)
        : Failures.dropped(login, root);
  }

  private static Throwable root(Throwable cause) {
    var root = cause;
    while (root.getCause() != null && root.getCause() != root) {
      root = root.getCause();
    }
    return root;
  }

  private void authenticate(Dial dial, ClientSession session, Deadline deadline)
      throws RemoteException, Dropped {
    var handshake = dial.handshake();
    try {
      session.auth().verify(deadline.left());
    } catch (IOException | RuntimeException e) {
      var rejected = handshake.rejected();
      if (rejected.isPresent()) {
        throw rejected.get();
      }
      if (deadline.over() || root(e) instanceof TimeoutException) {
        throw Failures.tooSlow(handshake.login(), handshake.phase(), deadline, e);
      }
      if (!handshake.hasOffered() && dial.proxy().isPresent()) {
        var ended = dial.proxy().get().ended();
        if (ended.isPresent()) {
          throw Failures.noProxy(handshake.login(), ended.get());
        }
      }
      throw failed(handshake, e);
    }
  }

  private static RemoteException failed(Handshake handshake, Exception cause) throws Dropped {
    int code = cause instanceof SshException ssh ? ssh.getDisconnectCode() : 0;
    if (code == SshConstants.SSH2_DISCONNECT_NO_MORE_AUTH_METHODS_AVAILABLE
        || handshake.hasOffered()) {
      return handshake.refused();
    }
    if (code == SshConstants.SSH2_DISCONNECT_KEY_EXCHANGE_FAILED) {
      return Failures.noCommonAlgorithm(handshake.login(), Failures.evidence(cause));
    }
    throw Failures.dropped(handshake.login(), cause);
  }

  @Override
  public void close() {
    bastions.close();
    client.stop();
  }
}

package io.provision.jsch;

import com.jcraft.jsch.JSch;
import com.jcraft.jsch.JSchAlgoNegoFailException;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.KeyPair;
import com.jcraft.jsch.Session;
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
import java.net.SocketTimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/** Makes one attempt at a login, through jump hosts where it must, and says what went wrong. */
final class JschDialer implements AutoCloseable {
  private static final int HEARTBEAT_MILLIS = 15_000;
  private static final int HEARTBEATS_UNANSWERED = 3;

  private final JSch jsch = new JSch();
  private final HostKeys hostKeys;
  private final Attempts patience;
  private final KeyFiles<KeyPair> keys = new KeyFiles<>(new JschKeyDecoder(jsch));
  private final Bastions<Session> bastions =
      new Bastions<>(Session::isConnected, Session::disconnect);

  JschDialer(HostKeys hostKeys, Attempts patience) {
    this.hostKeys = hostKeys;
    this.patience = patience;
  }

  JschConnection connect(Host host, Login login, Deadline deadline)
      throws RemoteException, Dropped {
    var handshake = new Handshake(host, login, hostKeys);
    return new JschConnection(handshake, login(host, handshake, deadline));
  }

  private Session login(Host host, Handshake handshake, Deadline deadline)
      throws RemoteException, Dropped {
    var login = handshake.login();
    var loaded = keys.of(login, deadline);
    loaded.notes().forEach(handshake::note);
    var ours = Identities.of(handshake, loaded);
    var line = new CountedSocket(handshake, deadline.atMost(patience.connect()));
    try {
      var session = jsch.getSession(login.user(), login.hostName().value(), login.port());
      configure(session, handshake, ours);
      if (login.via().isPresent()) {
        var hop = login.via().get();
        var bastion =
            bastions.session(
                hop, deadline, each -> login(host, new Handshake(host, each, hostKeys), deadline));
        session.setProxy(new JschTunnel(bastion, line));
      } else if (login.proxy().isPresent()) {
        session.setProxy(new JschProxyLine(login, line));
      } else {
        session.setSocketFactory(line);
      }
      connect(session, handshake, line, deadline);
      return session;
    } catch (JschPasswordOnce.NoAnswer e) {
      throw handshake.refused();
    } catch (JSchException e) {
      throw failed(handshake, line, deadline, e);
    }
  }

  private void configure(Session session, Handshake handshake, Identities ours)
      throws JSchException {
    session.setThreadFactory(Thread.ofVirtual().factory());
    session.setDaemonThread(true);
    session.setHostKeyRepository(new KnownKeys(handshake));
    session.setIdentityRepository(ours);
    session.setUserInfo(new JschPasswordOnce(handshake));
    session.setServerAliveInterval(HEARTBEAT_MILLIS);
    session.setServerAliveCountMax(HEARTBEATS_UNANSWERED);
    session.setConfig("StrictHostKeyChecking", "yes");
    session.setConfig("HashKnownHosts", "no");
    session.setConfig("server_host_key", String.join(",", handshake.hostKeyAlgorithms()));
    session.setConfig("prefer_known_host_key_types", "no");
    session.setConfig("kex", String.join(",", handshake.login().keyExchanges()));
    session.setConfig(
        "PubkeyAcceptedAlgorithms",
        "ssh-ed25519,ecdsa-sha2-nistp256,ecdsa-sha2-nistp384,ecdsa-sha2-nistp521,"
            + "sk-ssh-ed25519@openssh.com,sk-ecdsa-sha2-nistp256@openssh.com,"
            + "rsa-sha2-512,rsa-sha2-256,"
            + "ssh-ed25519-cert-v01@openssh.com,ecdsa-sha2-nistp256-cert-v01@openssh.com,"
            + "ecdsa-sha2-nistp384-cert-v01@openssh.com,ecdsa-sha2-nistp521-cert-v01@openssh.com,"
            + "sk-ssh-ed25519-cert-v01@openssh.com,sk-ecdsa-sha2-nistp256-cert-v01@openssh.com,"
            + "rsa-sha2-512-cert-v01@openssh.com,rsa-sha2-256-cert-v01@openssh.com");
    var ciphers = "aes128-gcm@openssh.com,aes256-gcm@openssh.com,aes128-ctr,aes192-ctr,aes256-ctr";
    session.setConfig("cipher.c2s", ciphers);
    session.setConfig("cipher.s2c", ciphers);
    // What the server offers matters only where there is a choice, and a single key signs at once
    // instead of being announced first: a round trip less each.
    session.setConfig("enable_auth_none", handshake.login().password().isPresent() ? "yes" : "no");
    session.setConfig("enable_pubkey_auth_query", ours.single() ? "no" : "yes");
    session.setConfig(
        "PreferredAuthentications",
        handshake.login().password().isPresent()
            ? "publickey,password,keyboard-interactive"
            : "publickey");
  }

  /** JSch has no limit for a login as a whole, and none at all inside a tunnel. */
  private static void connect(
      Session session, Handshake handshake, CountedSocket line, Deadline deadline)
      throws JSchException {
    var over = new AtomicBoolean();
    var watch =
        Thread.ofVirtual()
            .start(() -> {
              try {
                Thread.sleep(deadline.left());
                if (over.compareAndSet(false, true)) {
                  line.close();
                }
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    try {
      session.connect(Math.toIntExact(deadline.left().toMillis()));
      handshake.done();
    } finally {
      over.set(true);
      watch.interrupt();
    }
  }

  private static RemoteException failed(
      Handshake handshake, CountedSocket line, Deadline deadline, JSchException cause)
      throws Dropped {
    var rejected = handshake.rejected();
    if (rejected.isPresent()) {
      return rejected.get();
    }
    var login = handshake.login();
    if (login.proxy().isPresent() && !handshake.hasOffered() && !deadline.over()) {
      var ended = line.proxyEnded();
      if (ended.isPresent()) {
        throw Failures.noProxy(login, ended.get());
      }
    }
    if (line.unknownName().isPresent()) {
      return Failures.noSuchName(login, line.unknownName().get());
    }
    if (!line.connected()) {
      throw login.via().isPresent()
          ? Failures.noTunnel(login.via().get(), login, Failures.evidence(cause))
          : Failures.noConnection(login, cause);
    }
    if (deadline.over() || isTimeout(cause)) {
      return Failures.tooSlow(login, handshake.phase(), deadline, cause);
    }
    if (handshake.hasOffered() || (handshake.verified() && cause.getCause() == null)) {
      return handshake.refused();
    }
    if (cause instanceof JSchAlgoNegoFailException) {
      return Failures.noCommonAlgorithm(login, Failures.evidence(cause));
    }
    throw Failures.dropped(login, cause);
  }

  private static boolean isTimeout(Throwable cause) {
    return cause instanceof SocketTimeoutException
        || (cause.getCause() != null && isTimeout(cause.getCause()));
  }

  @Override
  public void close() {
    bastions.close();
  }
}

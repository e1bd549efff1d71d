package io.provision.mina;

import io.provision.remote.Connection;
import io.provision.remote.RemoteException;
import io.provision.remote.RemoteProcess;
import io.provision.ssh.Failures;
import io.provision.ssh.Handshake;
import io.provision.ssh.SessionSlots;
import java.io.IOException;
import java.time.Duration;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.session.ConnectionService;
import org.apache.sshd.common.util.net.SshdSocketAddress;

/** A login that stands. */
final class MinaConnection implements Connection {
  private static final Duration OPENING = Duration.ofMinutes(1);

  private final Handshake handshake;
  private final ClientSession session;
  private final SessionSlots slots = new SessionSlots();

  MinaConnection(Handshake handshake, ClientSession session) {
    this.handshake = handshake;
    this.session = session;
  }

  @Override
  public RemoteProcess exec(String command) throws RemoteException {
    return slots.open(() -> open(command));
  }

  private RemoteProcess open(String command) throws RemoteException, SessionSlots.Refused {
    var channel = new ExecChannel(command);
    try {
      var service = session.getService(ConnectionService.class);
      var _ = service.registerChannel(channel);
      channel.open().verify(OPENING);
      channel.addCloseFutureListener(closed -> slots.ended());
      return new MinaProcess(handshake.login(), channel);
    } catch (IOException | IllegalStateException e) {
      var _ = channel.close(true);
      if (e.getCause() instanceof SshChannelOpenException refused) {
        throw new SessionSlots.Refused(
            Failures.noSession(handshake.login(), Failures.evidence(refused)));
      }
      throw Failures.gone(handshake.login(), e);
    }
  }

  @Override
  public int forward(String host, int port) throws RemoteException {
    try {
      var here = new SshdSocketAddress("127.0.0.1", 0);
      return session.startLocalPortForwarding(here, new SshdSocketAddress(host, port)).getPort();
    } catch (IOException | IllegalStateException e) {
      throw Failures.gone(handshake.login(), e);
    }
  }

  @Override
  public String user() {
    return handshake.login().user();
  }

  @Override
  public Costs costs() {
    return handshake.costs();
  }

  @Override
  public void close() {
    var _ = session.close(true);
  }
}

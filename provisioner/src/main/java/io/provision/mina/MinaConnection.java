package io.provision.mina;

import io.provision.remote.Connection;
import io.provision.remote.RemoteException;
import io.provision.remote.RemoteProcess;
import io.provision.ssh.Failures;
import io.provision.ssh.SessionSlots;
import java.io.IOException;
import java.time.Duration;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.channel.exception.SshChannelOpenException;
import org.apache.sshd.common.session.ConnectionService;

/** A login that stands. */
final class MinaConnection implements Connection {
  private static final Duration OPENING = Duration.ofMinutes(1);

  private final Dial dial;
  private final ClientSession session;
  private final Costs price;
  private final SessionSlots slots = new SessionSlots();

  MinaConnection(Dial dial, ClientSession session, Costs price) {
    this.dial = dial;
    this.session = session;
    this.price = price;
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
      return new MinaProcess(dial.login, channel);
    } catch (IOException | IllegalStateException e) {
      var _ = channel.close(true);
      if (e.getCause() instanceof SshChannelOpenException refused) {
        throw new SessionSlots.Refused(Failures.noSession(dial.login, Failures.evidence(refused)));
      }
      throw Failures.gone(dial.login, e);
    }
  }

  @Override
  public String user() {
    return dial.login.user();
  }

  @Override
  public Costs costs() {
    return new Costs(
        price.connect(),
        price.keyExchange(),
        price.authentication(),
        dial.sent.get(),
        dial.received.get());
  }

  @Override
  public void close() {
    var _ = session.close(true);
  }
}

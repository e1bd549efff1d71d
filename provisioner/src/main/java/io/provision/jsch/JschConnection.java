package io.provision.jsch;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Session;
import io.provision.remote.Connection;
import io.provision.remote.RemoteException;
import io.provision.remote.RemoteProcess;
import io.provision.ssh.Failures;
import io.provision.ssh.Handshake;
import io.provision.ssh.SessionSlots;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** A login that stands. */
final class JschConnection implements Connection {
  private final Handshake handshake;
  private final Session session;
  private final SessionSlots slots = new SessionSlots();

  JschConnection(Handshake handshake, Session session) {
    this.handshake = handshake;
    this.session = session;
  }

  @Override
  public RemoteProcess exec(String command) throws RemoteException {
    return slots.open(() -> open(command));
  }

  private RemoteProcess open(String command) throws RemoteException, SessionSlots.Refused {
    @Nullable ChannelExec channel;
    try {
      channel = (ChannelExec) session.openChannel("exec");
    } catch (JSchException e) {
      throw Failures.gone(handshake.login(), e);
    }
    if (channel == null) { // what JSch has instead of an exception while a session is going down
      throw Failures.gone(handshake.login(), new IOException("session is going down"));
    }
    try {
      return JschProcess.start(handshake.login(), channel, command, slots::ended);
    } catch (JSchException | IOException e) {
      // JSch keeps no word of it: a closed channel of a live session is one that was not opened.
      if (session.isConnected() && channel.isClosed()) {
        throw new SessionSlots.Refused(
            Failures.noSession(handshake.login(), "reason " + channel.getExitStatus()));
      }
      channel.disconnect();
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
    session.disconnect();
  }
}

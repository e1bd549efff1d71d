package io.provision.jsch;

import com.jcraft.jsch.Channel;
import com.jcraft.jsch.JSchException;
import com.jcraft.jsch.Proxy;
import com.jcraft.jsch.Session;
import com.jcraft.jsch.SocketFactory;
import io.provision.ssh.Pipe;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** A connection that is a direct-tcpip channel (RFC 4254 §7.2) of a jump host's session. */
final class JschTunnel implements Proxy {
  private static final long ROOM = 4 << 20;

  private final Session bastion;
  private final CountedSocket line;
  private final Pipe arriving = Pipe.blocking(ROOM);
  private @Nullable Channel channel;
  private InputStream in = InputStream.nullInputStream();
  private OutputStream out = OutputStream.nullOutputStream();

  JschTunnel(Session bastion, CountedSocket line) {
    this.bastion = bastion;
    this.line = line;
  }

  @Override
  public void connect(@Nullable SocketFactory none, String host, int port, int timeout)
      throws JSchException, IOException {
    var opening = bastion.getStreamForwarder(host, port);
    if (opening == null) { // what JSch has instead of an exception while a session is going down
      bastion.disconnect();
      throw new JSchException("the session of the jump host is going down");
    }
    opening.setOutputStream(new Sink(arriving, () -> {}));
    try {
      opening.connect(Math.toIntExact(line.patience().toMillis()));
    } catch (JSchException e) {
      if (e.getCause() instanceof IOException) { // not refused there: the session itself is gone
        bastion.disconnect(); // else it passes for one that stands until JSch's reader has noticed
      }
      throw e;
    }
    channel = opening;
    in = line.counted(arriving.stream());
    out = line.counted(opening.getOutputStream());
    line.connectedBy(this::close);
  }

  @Override
  public InputStream getInputStream() {
    return in;
  }

  @Override
  public OutputStream getOutputStream() {
    return out;
  }

  @Override
  public @Nullable Socket getSocket() {
    return null;
  }

  @Override
  public void close() {
    arriving.end();
    if (channel != null) {
      channel.disconnect();
    }
  }
}

package io.provision.jsch;

import com.jcraft.jsch.SocketFactory;
import io.provision.ssh.Handshake;
import io.provision.ssh.ProxyCommand;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The bytes under a session: a socket of its own or a tunnel, counted. */
final class CountedSocket implements SocketFactory, AutoCloseable {
  private final Handshake handshake;
  private final Duration patience;
  private volatile boolean connected;
  private volatile @Nullable AutoCloseable under;
  private @Nullable UnknownHostException unknownName;
  private Optional<String> proxyFailed = Optional.empty();

  CountedSocket(Handshake handshake, Duration patience) {
    this.handshake = handshake;
    this.patience = patience;
  }

  Duration patience() {
    return patience;
  }

  boolean connected() {
    return connected;
  }

  Optional<UnknownHostException> unknownName() {
    return Optional.ofNullable(unknownName);
  }

  /** How the command that connects has ended, where there is one and it has. */
  Optional<String> proxyEnded() {
    return under instanceof ProxyCommand.Running command ? command.ended() : proxyFailed;
  }

  void proxyFailed(String evidence) {
    proxyFailed = Optional.of(evidence);
  }

  void connectedBy(AutoCloseable socket) {
    under = socket;
    connected = true;
    handshake.connected();
  }

  @Override
  public Socket createSocket(String host, int port) throws IOException {
    IOException last = null;
    try {
      for (var address : InetAddress.getAllByName(host)) {
        var socket = new Socket();
        try {
          socket.connect(
              new InetSocketAddress(address, port), Math.toIntExact(patience.toMillis()));
          socket.setKeepAlive(true);
          connectedBy(socket);
          return socket;
        } catch (IOException e) {
          socket.close();
          last = e;
        }
      }
    } catch (UnknownHostException e) {
      unknownName = e;
      throw e;
    }
    throw last == null ? new UnknownHostException(host) : last;
  }

  @Override
  public InputStream getInputStream(Socket socket) throws IOException {
    return counted(socket.getInputStream());
  }

  @Override
  public OutputStream getOutputStream(Socket socket) throws IOException {
    return counted(socket.getOutputStream());
  }

  InputStream counted(InputStream in) {
    return new FilterInputStream(in) {
      @Override
      public int read() throws IOException {
        int one = super.read();
        handshake.received(one < 0 ? 0 : 1);
        return one;
      }

      @Override
      public int read(byte[] into, int at, int length) throws IOException {
        int count = super.read(into, at, length);
        handshake.received(Math.max(0, count));
        return count;
      }
    };
  }

  OutputStream counted(OutputStream out) {
    return new FilterOutputStream(out) {
      @Override
      public void write(int one) throws IOException {
        out.write(one);
        handshake.sent(1);
      }

      @Override
      public void write(byte[] from, int at, int length) throws IOException {
        out.write(from, at, length);
        handshake.sent(length);
      }
    };
  }

  /** Cuts it, which ends a login that hangs. */
  @Override
  public void close() {
    var socket = under;
    if (socket != null) {
      try {
        socket.close();
      } catch (Exception e) {
        handshake.note("the connection did not close (%s)".formatted(e.getMessage()));
      }
    }
  }
}

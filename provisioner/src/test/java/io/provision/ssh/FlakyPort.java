package io.provision.ssh;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** A port that drops the first connections at once, as MaxStartups does, then leads to a server. */
final class FlakyPort implements AutoCloseable {
  final AtomicInteger accepted = new AtomicInteger();
  private final ServerSocket listening;
  private final int to;
  private final int drops;

  FlakyPort(int to, int drops) throws IOException {
    this.to = to;
    this.drops = drops;
    listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    var _ = Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        var socket = listening.accept();
        if (accepted.incrementAndGet() <= drops) {
          socket.close();
        } else {
          var server = new Socket(InetAddress.getLoopbackAddress(), to);
          var _ = Thread.ofVirtual().start(() -> copy(socket, server));
          var _ = Thread.ofVirtual().start(() -> copy(server, socket));
        }
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void copy(Socket from, Socket to) {
    try (from;
        to) {
      from.getInputStream().transferTo(to.getOutputStream());
    } catch (IOException e) {
      return;
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}

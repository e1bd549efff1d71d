package io.provision.ssh;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** A port that takes connections, says one thing at most, and then nothing for ever. */
final class MutePort implements AutoCloseable {
  final AtomicInteger accepted = new AtomicInteger();
  private final ServerSocket socket = new ServerSocket(0, 9, InetAddress.getLoopbackAddress());
  private final List<Socket> open = new CopyOnWriteArrayList<>();

  MutePort(String prompts) throws IOException {
    var _ = Thread.ofVirtual().start(() -> serve(prompts));
  }

  private void serve(String prompts) {
    while (!socket.isClosed()) {
      try {
        var one = socket.accept();
        open.add(one);
        accepted.incrementAndGet();
        one.getOutputStream().write(prompts.getBytes(US_ASCII));
        one.getOutputStream().flush();
      } catch (IOException e) {
        return;
      }
    }
  }

  int port() {
    return socket.getLocalPort();
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (var each : open) {
      each.close();
    }
  }
}

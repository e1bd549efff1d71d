package io.provision.ssh;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A port that leads to a server and counts round trips: what one side says without waiting for the
 * other is one burst, which is held until both are quiet and then forwarded whole. So however many
 * packets there are, the count is that of the times our side had to wait for an answer.
 *
 * <p>A side that pauses in the middle of a burst for longer than the quiet time is counted twice:
 * the count can be too high, never too low.
 */
final class FlightCounter implements AutoCloseable {
  private static final byte[] END = {};

  private record Bytes(boolean ours, byte[] bytes) {}

  private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final AtomicInteger bursts = new AtomicInteger();
  private final AtomicInteger connections = new AtomicInteger();
  private final int to;
  private final Duration quiet;

  FlightCounter(int to, Duration quiet) throws IOException {
    this.to = to;
    this.quiet = quiet;
    var _ = Thread.ofVirtual().start(this::accept);
  }

  int port() {
    return listening.getLocalPort();
  }

  /** Round trips so far, that of each TCP handshake included. */
  int flights() {
    return connections.get() + bursts.get();
  }

  private void accept() {
    while (!listening.isClosed()) {
      try {
        var ours = listening.accept();
        connections.incrementAndGet();
        var _ = Thread.ofVirtual().start(() -> between(ours));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void between(Socket ours) {
    try (ours;
        var server = new Socket(InetAddress.getLoopbackAddress(), to)) {
      ours.setTcpNoDelay(true);
      server.setTcpNoDelay(true);
      var said = new LinkedBlockingQueue<Bytes>();
      var _ = Thread.ofVirtual().start(() -> listen(ours, true, said));
      var _ = Thread.ofVirtual().start(() -> listen(server, false, said));
      while (exchange(said, ours, server)) {
        // until one side hangs up
      }
    } catch (IOException e) {
      return;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void listen(Socket from, boolean ours, LinkedBlockingQueue<Bytes> said) {
    var buffer = new byte[1 << 16];
    try {
      for (int n = from.getInputStream().read(buffer);
          n >= 0;
          n = from.getInputStream().read(buffer)) {
        said.add(new Bytes(ours, java.util.Arrays.copyOf(buffer, n)));
      }
    } catch (IOException e) {
      // as good as an end
    }
    said.add(new Bytes(ours, END));
  }

  private boolean exchange(LinkedBlockingQueue<Bytes> said, Socket ours, Socket server)
      throws IOException, InterruptedException {
    var up = new ByteArrayOutputStream();
    var down = new ByteArrayOutputStream();
    for (var next = said.take();
        next != null;
        next = said.poll(quiet.toMillis(), TimeUnit.MILLISECONDS)) {
      if (next.bytes().length == 0) {
        down.writeTo(ours.getOutputStream());
        return false;
      }
      (next.ours() ? up : down).writeBytes(next.bytes());
    }
    if (up.size() > 0) {
      bursts.incrementAndGet();
    }
    up.writeTo(server.getOutputStream());
    down.writeTo(ours.getOutputStream());
    return true;
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}

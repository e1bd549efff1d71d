package io.provision.local;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/** A web server that says whatever a test wants, byte by byte, also what is none of HTTP. */
public final class RawServer implements AutoCloseable {
  private final ServerSocket socket;
  private final List<Socket> connections = new CopyOnWriteArrayList<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /** What is said to each that has asked. */
  @FunctionalInterface
  public interface Says {
    void to(OutputStream client) throws IOException;
  }

  public RawServer(Says says) throws IOException {
    socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.startVirtualThread(() -> {
      while (!socket.isClosed()) {
        try {
          var connection = socket.accept();
          connections.add(connection);
          Thread.startVirtualThread(() -> serve(connection, says));
        } catch (IOException _) {
          return;
        }
      }
    });
  }

  /** One whole answer to each. */
  public static RawServer answering(int status, String body) throws IOException {
    return new RawServer(out -> answer(out, status, "", body));
  }

  /** Never a word. */
  public static RawServer silent() throws IOException {
    return new RawServer(_ -> pause());
  }

  public static void answer(OutputStream out, int status, String headers, String body)
      throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    text(
        out,
        "HTTP/1.1 %d Whatever\r\n%sContent-Length: %d\r\n\r\n"
            .formatted(status, headers, bytes.length));
    out.write(bytes);
    out.flush();
  }

  public static void text(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  /** Until the server is closed. */
  public static void pause() {
    try {
      Thread.sleep(Long.MAX_VALUE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void serve(Socket connection, Says says) {
    try (connection) {
      var in =
          new BufferedReader(
              new InputStreamReader(connection.getInputStream(), StandardCharsets.UTF_8));
      for (var line = in.readLine(); line != null; line = in.readLine()) {
        if (line.startsWith("GET ")) {
          asked.add(line);
        }
        if (line.toLowerCase(Locale.ROOT).startsWith("authorization")) {
          asked.add(line);
        }
        if (line.isEmpty()) {
          says.to(connection.getOutputStream());
          return;
        }
      }
    } catch (IOException _) {
      // whoever asked has gone
    }
  }

  public URI url(String path) {
    return URI.create("http://127.0.0.1:%d%s".formatted(socket.getLocalPort(), path));
  }

  /** The first line of each question. */
  public List<String> asked() {
    return asked;
  }

  @Override
  public void close() throws IOException {
    socket.close();
    for (var each : connections) {
      each.close();
    }
  }
}

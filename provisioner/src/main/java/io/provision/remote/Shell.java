package io.provision.remote;

import io.provision.model.Host;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import java.util.zip.GZIPOutputStream;

/**
 * Root's shell on one host. {@link #look} asks; only a {@link Session}, which holds the host's
 * lock, changes.
 */
public final class Shell implements AutoCloseable {
  /** Longer scripts go over stdin; sshd and the kernel (MAX_ARG_STRLEN) take 128 KiB. */
  private static final int INLINE_LIMIT = 96 << 10;

  /**
   * Runs a script of a given size from memory, so that a look leaves nothing behind. No single
   * quotes, backslashes or line ends: any login shell passes it on as it is.
   */
  private static final String LOOK =
      "printf \"@@%s ready\" \"$1\" >&2; script=$(head -c \"$2\"); eval \"$script\"";

  private static final SecureRandom RANDOM = new SecureRandom();

  private final Connection connection;
  private final Elevation elevation;
  private final Consumer<String> notes;

  private Shell(Connection connection, Elevation elevation, Consumer<String> notes) {
    this.connection = connection;
    this.elevation = elevation;
    this.notes = notes;
  }

  public static Shell on(Host host, Connection connection) {
    return on(host, connection, _ -> {});
  }

  /**
   * @param notes told where a look costs more than it should
   */
  public static Shell on(Host host, Connection connection, Consumer<String> notes) {
    return new Shell(connection, new Elevation(host.ssh().become(), connection.user()), notes);
  }

  public Connection connection() {
    return connection;
  }

  /**
   * Asks all of these in one exec.
   *
   * @param limit after which the host is given up as lost
   */
  public List<Frame> look(List<Call> calls, Duration limit)
      throws RemoteException, InterruptedException {
    var marker = marker();
    var text = new ScriptText(marker);
    calls.forEach(text::look);
    var script = text.text();
    var packed = pack(script);
    var fits = packed.length() <= INLINE_LIMIT;
    var inline = fits && !elevation.talks();
    if (!fits) {
      notes.accept(
          "its look is %d KiB even when it is compressed, too much for a command line: it takes one"
                  .formatted(packed.length() >> 10)
              + " more round trip");
    }
    var bytes = script.getBytes(StandardCharsets.UTF_8);
    var command =
        inline
            ? "printf %s '"
                + packed
                + "' | base64 -d | gzip -dc | "
                + elevation.prefix(marker)
                + "/bin/sh -s"
            : elevation.prefix(marker)
                + "/bin/sh -c '"
                + LOOK
                + "' provision "
                + marker
                + " "
                + bytes.length;
    var sent = Instant.now();
    try (var process = connection.exec(command);
        var watchdog = new Watchdog(process, limit)) {
      var stderr = new StderrTail(process.stderr());
      var reader = new FrameReader(process.stdout(), marker, _ -> {}, sent);
      try {
        if (!inline) {
          elevation.pass(process.stdin(), stderr, marker);
          process.stdin().write(bytes);
          process.stdin().flush();
        }
        var done = reader.readTo("done");
        if (done.isEmpty()) {
          throw unfinished(process, watchdog, reader, stderr, limit);
        }
      } catch (GivenUp e) {
        throw e.reason();
      } catch (IOException e) {
        throw broken(process, watchdog, reader, stderr, limit, e);
      }
      return reader.frames();
    }
  }

  /** Opens the one session that may change this host. It holds no lock yet. */
  public Session session() throws RemoteException, InterruptedException {
    return Session.open(connection, elevation, marker());
  }

  @Override
  public void close() {
    connection.close();
  }

  private RemoteException unfinished(
      RemoteProcess process,
      Watchdog watchdog,
      FrameReader reader,
      StderrTail stderr,
      Duration limit)
      throws RemoteException, InterruptedException {
    if (watchdog.bitten()) {
      return new RemoteException.Lost("it timed out after %d s".formatted(limit.toSeconds()), null);
    }
    process.waitFor(); // says that the connection was lost, where that is the reason
    return reader.started()
        ? new RemoteException.CommandFailed(
            "its answer ended too early (%s)".formatted(stderr.rest().strip()),
            "log in by hand and look for a full disk or a lack of memory")
        : elevation.refused(stderr.rest());
  }

  private RemoteException broken(
      RemoteProcess process,
      Watchdog watchdog,
      FrameReader reader,
      StderrTail stderr,
      Duration limit,
      IOException cause)
      throws InterruptedException {
    try {
      var reason = unfinished(process, watchdog, reader, stderr, limit);
      reason.addSuppressed(cause);
      return reason;
    } catch (RemoteException e) {
      e.addSuppressed(cause);
      return e;
    }
  }

  static String marker() {
    var bytes = new byte[8];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String pack(String script) {
    var packed = new ByteArrayOutputStream();
    try (var gzip = new GZIPOutputStream(packed)) {
      gzip.write(script.getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return Base64.getEncoder().encodeToString(packed.toByteArray());
  }
}

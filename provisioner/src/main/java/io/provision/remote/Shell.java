package io.provision.remote;

import io.provision.model.Host;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.Set;
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

  /**
   * What hangs on the host is ended there as well: sshd tells nobody that the channel was given up.
   * sudo is asked for nothing but /bin/sh.
   */
  private static final String BOUNDED = "/bin/sh -c 'exec timeout -k 10 %d /bin/sh -s'";

  private static final String BOUNDED_LOOK =
      "/bin/sh -c 'exec timeout -k 10 \"$3\" /bin/sh -c \"$4\" provision \"$1\" \"$2\"'";

  /** What timeout(1) returns when it ended the command, or had to kill it. */
  private static final Set<RemoteProcess.Exit> TIMED_OUT =
      Set.of(new RemoteProcess.Exit.Status(124), new RemoteProcess.Exit.Status(137));

  /** The host says first that it took too long, and of what. */
  private static final Duration GRACE = Duration.ofSeconds(15);

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
    var marker = Marker.fresh();
    var text = new ScriptText(marker);
    calls.forEach(text::look);
    var sending = sending(text.text(), marker, limit);
    var sent = Instant.now();
    try (var process = connection.exec(sending.command());
        var watchdog = new Watchdog(process, limit.plus(GRACE))) {
      var stderr = new StderrTail(process.stderr());
      var reader = new FrameReader(process.stdout(), marker, _ -> {}, sent);
      var failing = new Failing(process, watchdog, reader, stderr, calls, limit);
      try {
        sending.rest(process, elevation, stderr, marker);
        if (reader.readTo("done").isEmpty()) {
          throw failing.reason(elevation);
        }
      } catch (GivenUp e) {
        throw e.reason();
      } catch (IOException e) {
        var reason = failing.reason(elevation);
        reason.addSuppressed(e);
        throw reason;
      }
      return reader.frames();
    }
  }

  /**
   * What runs a script from memory.
   *
   * @param onStdin the script, where it is not in the command
   */
  private record Sending(String command, Optional<byte[]> onStdin) {
    void rest(RemoteProcess process, Elevation elevation, StderrTail stderr, String marker)
        throws RemoteException, InterruptedException, IOException {
      if (onStdin.isPresent()) {
        elevation.pass(process.stdin(), stderr, marker);
        process.stdin().write(onStdin.get());
        process.stdin().flush();
      }
    }
  }

  private Sending sending(String script, String marker, Duration limit) {
    var packed = pack(script);
    var fits = packed.length() <= INLINE_LIMIT;
    if (!fits) {
      notes.accept(
          "its look is %d KiB even when it is compressed, too much for a command line: it takes one"
                  .formatted(packed.length() >> 10)
              + " more round trip");
    }
    if (fits && !elevation.talks()) {
      return new Sending(
          Elevation.prompts(marker)
              + ("printf %s '" + packed + "' | base64 -d | gzip -dc | ")
              + elevation.prefix(marker)
              + BOUNDED.formatted(limit.toSeconds()),
          Optional.empty());
    }
    var bytes = script.getBytes(StandardCharsets.UTF_8);
    return new Sending(
        Elevation.prompts(marker)
            + elevation.prefix(marker)
            + BOUNDED_LOOK
            + " provision %s %d %d '%s'".formatted(marker, bytes.length, limit.toSeconds(), LOOK),
        Optional.of(bytes));
  }

  /**
   * Copies what a call prints, byte for byte, which changes nothing: its payloads are none. Where
   * it does not end well, what was copied until then is of no use.
   *
   * @throws IOException where what it is copied into throws it
   */
  public void fetch(Script read, OutputStream into)
      throws RemoteException, InterruptedException, IOException {
    var marker = Marker.fresh();
    var script = new ScriptText(marker).repair(read, List.of()).text();
    var sending = sending(script, marker, read.deadline());
    try (var process = connection.exec(sending.command());
        var watchdog = new Watchdog(process, read.deadline().plus(GRACE))) {
      var stderr = new StderrTail(process.stderr());
      var fetch = new Fetch(process.stdout(), marker);
      try {
        sending.rest(process, elevation, stderr, marker);
        var status = fetch.into(into);
        if (status.isEmpty()) {
          throw unfinished(process, watchdog, fetch, stderr, marker, read.deadline());
        }
        if (status.getAsInt() != 0) {
          throw new RemoteException.CommandFailed(
              "what was to be copied could not be read there (%s)"
                  .formatted(lastWords(stderr, marker)),
              "look at it on that host, then run the same command again");
        }
      } catch (Fetch.NotTaken e) {
        throw e.reason();
      } catch (GivenUp e) {
        throw e.reason();
      } catch (IOException e) {
        var reason = unfinished(process, watchdog, fetch, stderr, marker, read.deadline());
        reason.addSuppressed(e);
        throw reason;
      }
    }
  }

  private static String lastWords(StderrTail stderr, String marker) throws InterruptedException {
    return NoShell.lastLine(stderr.rest().replace("@@" + marker + " ready", ""));
  }

  private RemoteException unfinished(
      RemoteProcess process,
      Watchdog watchdog,
      Fetch fetch,
      StderrTail stderr,
      String marker,
      Duration limit)
      throws InterruptedException {
    if (watchdog.bitten()) {
      return new RemoteException.Lost("it timed out after %d s".formatted(limit.toSeconds()), null);
    }
    try {
      var exit = process.waitFor(); // says that the connection was lost, where that is the reason
      if (!fetch.begun()) {
        var loggedIn = fetch.noise().contains(Elevation.login(marker));
        return elevation.refused(
            new NoShell(loggedIn, Optional.of(exit), fetch.noise(), stderr.rest()));
      }
      return new RemoteException.CommandFailed(
          TIMED_OUT.contains(exit)
              ? "the copy from it timed out after %d s".formatted(limit.toSeconds())
              : "what it sent ended too early (%s)".formatted(lastWords(stderr, marker)),
          "run the same command again; where it is so again, look for a lack of memory there");
    } catch (RemoteException e) {
      return e;
    }
  }

  /** Opens the one session that may change this host. It holds no lock yet. */
  public Session session() throws RemoteException, InterruptedException {
    return Session.open(connection, elevation, Marker.fresh());
  }

  @Override
  public void close() {
    connection.close();
  }

  /** A look that came to no end, and what is known of it. */
  private record Failing(
      RemoteProcess process,
      Watchdog watchdog,
      FrameReader reader,
      StderrTail stderr,
      List<Call> calls,
      Duration limit) {

    /** Why, in words; what waits for the host's last words ends with the process. */
    RemoteException reason(Elevation elevation) throws InterruptedException {
      try {
        reader.drain(); // what was printed instead, where nobody has read it yet
        if (watchdog.bitten()) {
          return reader.loggedIn()
              ? new RemoteException.Lost(
                  "it timed out after %d s".formatted(limit.toSeconds()), null)
              : elevation.refused(instead(Optional.empty()));
        }
        var exit = process.waitFor(); // says that the connection was lost, where that is the reason
        if (!reader.started()) {
          return elevation.refused(instead(Optional.of(exit)));
        }
        return TIMED_OUT.contains(exit)
            ? timedOut()
            : new RemoteException.CommandFailed(
                "its answer ended too early (%s)".formatted(stderr.rest().strip()),
                "log in by hand and look for a full disk or a lack of memory");
      } catch (GivenUp e) {
        return e.reason();
      } catch (RemoteException e) {
        return e;
      }
    }

    private NoShell instead(Optional<RemoteProcess.Exit> exit) throws InterruptedException {
      return new NoShell(reader.loggedIn(), exit, reader.noise(), stderr.rest());
    }

    private RemoteException timedOut() {
      var at = reader.frames().size();
      return new RemoteException.CommandFailed(
          "the look at it timed out after %d s%s"
              .formatted(limit.toSeconds(), at < calls.size() ? " at: " + told(calls.get(at)) : ""),
          "log in by hand and see what hangs there: a dead mount, a daemon that does not answer");
    }

    /** What is looked at: functions of a look are called by it. */
    private static String told(Call call) {
      var what = call.function().name().replaceFirst("^look_", "").replace('_', ' ');
      return (what + " " + String.join(" ", call.arguments())).strip();
    }
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

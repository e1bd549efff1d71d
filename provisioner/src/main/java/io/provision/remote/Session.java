package io.provision.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * The one exec in which a run changes a host. It can hold the host's lock: an flock(2) that the
 * session and every repair it starts inherit, so that a dead controller frees it and a repair that
 * outlives its controller does not. Requests go over stdin one after the other, each answered
 * before the next; a repair sees its payload and then the end of its input.
 */
public final class Session implements AutoCloseable {
  /**
   * Reads requests: a verb, a marker, the sizes of script and payload, a deadline in seconds. No
   * single quotes, backslashes or line ends: any login shell passes it on as it is.
   *
   * <p>A session that no SSH server stands above any more has lost its controller and only waits
   * for a repair that still runs: its lock is waited for, and once a second it is said whose that
   * is. Who waits for nobody any more finds its output closed and ends.
   *
   * <p>A host that its run reboots is claimed by that run until a time, on a disk: it is held for
   * whoever comes back to it, and for nobody else; see {@link Claim}.
   *
   * <p>Its script is named by its process, so that who takes the lock can tell, and removes, what a
   * session left that was killed. Where there is no room for a script nothing of it is run.
   */
  static final String LOOP =
      String.join(
          " ",
          "umask 077; LC_ALL=C; export LC_ALL; d=/run/provision; printf \"@@%s ready\" \"$1\" >&2;",
          "mkdir -p $d && exec 9>>$d/lock && s=$d/script.$$ && : >$s || exit 75;",
          "trap \"rm -f $s\" EXIT; trap \"exit 1\" HUP TERM INT PIPE;",
          "full() { echo \"$d cannot be written\" >&2; set -- $(df -Pk $d | tail -n 1);",
          "case $4 in [0-7]) echo \"the file system $6 is full: make room there\" >&2;; esac; exit 75; };",
          "take() { head -c \"$1\" >$s && [ $(wc -c <$s) -eq \"$1\" ] || full; };",
          "while IFS=\" \" read -r verb m size more limit; do case $verb in",
          "lock) take \"$size\";",
          "held() { h=64; p=$(head -n 1 $d/owner 2>/dev/null);",
          "while [ \"${p:-0}\" -gt 1 ] && [ $h -gt 0 ]; do h=$((h - 1)); read -r c </proc/$p/comm || return 1;",
          "case $c in sshd*|dropbear*) return 0;; esac; q=0;",
          "while read -r k v; do [ \"$k\" = PPid: ] && q=$v; done </proc/$p/status; p=$q;",
          "done; return 1; };",
          "n=0; w=held; if flock -n 9; then w=locked; elif ! held; then",
          "while [ $n -lt \"$limit\" ]; do n=$((n+1));",
          "echo; echo \"@@$m say $(tail -n +2 $d/owner | head -n 1)\";",
          "if flock -w 1 9; then w=locked; break; fi; if held; then break; fi; done; fi;",
          "c=/var/lib/provision/claim; o=$d/owner; if [ $w = locked ] && [ -s $c ]; then",
          "{ read -r u; read -r k; } <$c; case $u in ????????????*) u=0;; esac; if [ \"${u:-0}\" -gt \"$(date +%s)\" ] &&",
          "[ \"$k\" != \"$(head -n 1 $s)\" ]; then flock -u 9; w=claimed; o=$c; fi; fi;",
          "if [ $w = locked ]; then",
          "for f in $d/script.*; do [ -d /proc/${f##*.} ] || rm -f $f; done;",
          "{ echo $$ && cat $s; } >$d/owner || full; echo; echo \"@@$m locked\";",
          "else echo; echo \"@@$m begin\"; tail -n +2 $o; echo; echo \"@@$m end 1\";",
          "echo \"@@$m held\"; fi;;",
          "run) take \"$size\";",
          "head -c \"$more\" | { timeout -k 10 \"$limit\" /bin/sh $s; r=$?; cat >/dev/null; exit $r; };",
          "r=$?; echo; echo \"@@$m exit $r\"; echo \"@@$m exit\" >&2;;",
          "esac; done");

  /** What `timeout` returns when the deadline ended the command. */
  private static final int TIMED_OUT = 124;

  /** Longer than any sudo asks its directories, and than a session takes that has nothing to do. */
  private static final Duration ANSWER = Duration.ofMinutes(1);

  /** How often a person is told what a command prints. */
  private static final Duration TOLD = Duration.ofSeconds(1);

  private final Elevation elevation;
  private final String marker;
  private final RemoteProcess process;
  private final OutputStream stdin;
  private final StderrTail stderr;
  private final InputStream stdout;

  /** Whether the shell on the host has ever said a word. */
  private boolean spoke;

  private Session(RemoteProcess process, StderrTail stderr, Elevation elevation, String marker) {
    this.process = process;
    this.elevation = elevation;
    this.marker = marker;
    this.spoke = elevation.talks();
    this.stdin = process.stdin();
    this.stdout = process.stdout();
    this.stderr = stderr;
  }

  static Session open(Connection connection, Elevation elevation, String marker)
      throws RemoteException, InterruptedException {
    var process =
        connection.exec(
            Elevation.prompts(marker)
                + elevation.prefix(marker)
                + "/bin/sh -c '"
                + LOOP
                + "' provision "
                + marker);
    var stderr = new StderrTail(process.stderr());
    try (var watchdog = new Watchdog(process, ANSWER)) {
      try {
        elevation.pass(process.stdin(), stderr, marker);
        return new Session(process, stderr, elevation, marker);
      } catch (IOException e) {
        var reader = new FrameReader(process.stdout(), marker, _ -> {});
        reader.drain();
        if (watchdog.bitten() && reader.loggedIn()) {
          throw new RemoteException.BecomeFailed(
              "sudo timed out after %d s".formatted(ANSWER.toSeconds()),
              "log in by hand and try: sudo -v");
        }
        var exit =
            watchdog.bitten()
                ? Optional.<RemoteProcess.Exit>empty()
                : Optional.of(process.waitFor());
        throw elevation.refused(
            new NoShell(reader.loggedIn(), exit, reader.noise(), stderr.rest()));
      }
    } catch (RemoteException | InterruptedException e) {
      process.close();
      throw e;
    } catch (GivenUp e) {
      process.close();
      throw e.reason();
    }
  }

  /**
   * Takes the lock of the host.
   *
   * @param owner who we are, for those who find it taken
   * @param patience how long to wait for a repair that a dead run has left behind
   * @param waiting told about once a second while that is waited for
   * @return who holds it, where it is held
   */
  public Optional<LockOwner> lock(String owner, Duration patience, Consumer<LockOwner> waiting)
      throws RemoteException, InterruptedException {
    var request = Marker.fresh();
    var bytes = (owner + "\n").getBytes(StandardCharsets.UTF_8);
    var reader =
        new FrameReader(stdout, request, text -> waiting.accept(new LockOwner(text.strip())));
    var limit = patience.plus(ANSWER);
    try (var watchdog = new Watchdog(process, limit)) {
      try {
        write("lock %s %d 0 %d\n".formatted(request, bytes.length, patience.toSeconds()), bytes);
        var word = reader.readTo("locked", "held").orElseThrow(() -> new IOException("it ended"));
        spoke = true;
        if (word.equals("locked")) {
          return Optional.empty();
        }
        return Optional.of(new LockOwner(reader.frames().getFirst().output().strip()));
      } catch (IOException e) {
        throw watchdog.bitten()
            ? new RemoteException.Lost(
                "it did not give its lock within %d s".formatted(limit.toSeconds()), e)
            : lost("while the lock was taken", reader, e);
      }
    }
  }

  /** What is asked of a session in one exchange. */
  public record Request(
      List<Loaded> repairs, Optional<Wait> pause, List<Call> looks, Duration deadline) {
    public Request {
      repairs = List.copyOf(repairs);
      looks = List.copyOf(looks);
    }

    /** A program may say what it was given: then nothing of it is shown while it runs. */
    boolean holdsSecret() {
      return repairs.stream()
          .flatMap(repair -> repair.script().payloads().stream())
          .anyMatch(Payload::isSecret);
    }
  }

  /** A script with the bytes of its payloads at hand. */
  public record Loaded(Script script, List<PayloadStream> streams) {
    public Loaded {
      streams = List.copyOf(streams);
    }
  }

  /**
   * Something to wait for on the host, after the repairs.
   *
   * @param until succeeds once it is there; with {@link #HOPELESS} it says that it will not come
   */
  public record Wait(Duration deadline, Call until, Call evidence) {
    /** The exit status that ends a wait at once: EX_UNAVAILABLE of sysexits(3). */
    public static final int HOPELESS = 69;
  }

  /** Told how repairs get on while they run. */
  @FunctionalInterface
  public interface Progress {
    void says(String text);

    /**
     * @param repair its place in the order of all
     */
    default void begins(int repair) {}
  }

  /**
   * Runs repairs, then waits, then looks, in one exchange.
   *
   * @return a frame for each repair, one for the wait, one for each look; where a repair failed its
   *     frame is the last, where a wait was in vain its evidence is
   */
  public Answer run(Request request, Progress progress)
      throws RemoteException, InterruptedException {
    return run(request, progress, TOLD);
  }

  /**
   * The same.
   *
   * @param interval how often what a command prints is told
   */
  Answer run(Request request, Progress progress, Duration interval)
      throws RemoteException, InterruptedException {
    var mark = Marker.fresh();
    var text = new ScriptText(mark);
    var streams = new ArrayList<PayloadStream>();
    for (var repair : request.repairs()) {
      text.repair(repair.script(), repair.streams());
      streams.addAll(repair.streams());
    }
    request.pause().ifPresent(w -> text.await(w.deadline(), w.until(), w.evidence()));
    request.looks().forEach(text::look);
    var reader = new FrameReader(stdout, mark, progress::says);
    var sending = new Sending(streams);
    var last = new LastLine();
    try (var watchdog = new Watchdog(process, request.deadline().plusSeconds(30));
        var _ = Ticking.every(interval, () -> tell(sending, last, progress))) {
      reader.beginning(frame -> {
        if (frame < request.repairs().size()) {
          last.forget();
          progress.begins(frame);
        }
      });
      if (!request.holdsSecret()) {
        reader.telling(request.repairs().size(), last::line);
        stderr.also(last::part);
      }
      try {
        send(mark, text.text(), sending, request.deadline());
        var exit = reader.readTo("exit").orElseThrow(() -> new IOException("the session ended"));
        spoke = true;
        var all = stderr.takeTo("@@" + mark + " exit\n").replace(ready(), "");
        var printed = all.substring(behind(all, "@@" + mark + " repair\n"));
        var status = Integer.parseInt(exit.substring("exit ".length()));
        return new Answer(
            reader.frames(),
            Ran.without(printed, mark),
            Ran.last(printed, mark),
            status == TIMED_OUT);
      } catch (GivenUp e) {
        process.close();
        throw e.reason();
      } catch (IOException e) {
        throw watchdog.bitten()
            ? new RemoteException.Lost(
                "it timed out after %d s".formatted(request.deadline().toSeconds()), e)
            : lost("while a repair was running", reader, e);
      } finally {
        stderr.also(_ -> {});
      }
    }
  }

  private static void tell(Sending sending, LastLine last, Progress progress) {
    sending.news().ifPresent(progress::says);
    last.news().ifPresent(progress::says);
  }

  /** Where the part of a text begins that comes behind the last of these. */
  private static int behind(String text, String last) {
    var at = text.lastIndexOf(last);
    return at < 0 ? 0 : at + last.length();
  }

  /** Gives the session up at once, from any thread; only while it changes nothing. */
  public void abandon() {
    process.close();
  }

  /** Gives the lock back once a repair that still runs is through. */
  @Override
  public void close() {
    try (var _ = new Watchdog(process, ANSWER)) {
      stdin.close();
      while (stdout.read() >= 0) {
        // the end of the session is the end of its output: the lock is free then
      }
    } catch (IOException _) {
      // a connection that is gone has let go of the session as well
    } finally {
      process.close();
    }
  }

  private void send(String marker, String script, Sending payloads, Duration deadline)
      throws IOException {
    var bytes = script.getBytes(StandardCharsets.UTF_8);
    write(
        "run %s %d %d %d\n".formatted(marker, bytes.length, payloads.size(), deadline.toSeconds()),
        bytes);
    payloads.to(stdin);
  }

  private void write(String line, byte[] bytes) throws IOException {
    stdin.write(line.getBytes(StandardCharsets.US_ASCII));
    stdin.write(bytes);
    stdin.flush();
  }

  /** What a session says on stderr when it begins; nothing to show to anybody. */
  private String ready() {
    return "@@" + marker + " ready";
  }

  private static String how(RemoteProcess.Exit exit) {
    return switch (exit) {
      case RemoteProcess.Exit.Status(var code) -> "exit status " + code;
      case RemoteProcess.Exit.Signal(var name) -> "signal " + name;
    };
  }

  private RemoteException lost(String when, FrameReader reader, IOException cause)
      throws InterruptedException {
    try {
      reader.drain();
      var exit = process.waitFor();
      var printed = stderr.rest();
      var noise = reader.noise();
      if (!spoke && !printed.contains(ready())) {
        var loggedIn = noise.contains(Elevation.login(marker));
        return elevation.refused(new NoShell(loggedIn, Optional.of(exit), noise, printed));
      }
      var last = NoShell.lastLine(printed.replace(ready(), ""));
      return new RemoteException.CommandFailed(
          "the session ended %s (%s%s)"
              .formatted(when, how(exit), last.isEmpty() ? "" : ", " + last),
          "look for a full /run or a killed process on the host, then run again");
    } catch (GivenUp e) {
      return e.reason();
    } catch (RemoteException e) {
      e.addSuppressed(cause);
      return e;
    }
  }
}

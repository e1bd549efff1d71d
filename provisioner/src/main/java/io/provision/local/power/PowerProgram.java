package io.provision.local.power;

import io.provision.desk.DeskException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A program of this machine that reaches the power of a host: run without a shell, without input,
 * within a deadline. Of what it writes only the beginning is kept; the rest is let go by. It is a
 * session of its own where {@code setsid} is there (util-linux): what is typed at our terminal does
 * not end it, or the end of a run would end what gives power back.
 *
 * @param environment of the operator; what is added to it for one program is seen by that one alone
 * @param deadline of one call
 */
record PowerProgram(Map<String, String> environment, Duration deadline) {
  /** What these programs answer is a line or two. */
  private static final int KEPT = 16 << 10;

  private static final int SHOWN = 300;

  private static final Duration KILLING = Duration.ofSeconds(10);

  /**
   * What it came to.
   *
   * @param text the beginning of what it answered
   * @param beside the beginning of what it wrote to its standard error: for people, no answer
   */
  record Answer(int exit, String text, String beside) {

    Answer(int exit, String text) {
      this(exit, text, "");
    }

    /** For people: one line of printable characters, and no long one. */
    String shown() {
      var line = (text + " " + beside).replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
      if (line.isEmpty()) {
        return "it said nothing";
      }
      return line.length() > SHOWN ? line.substring(0, SHOWN) + " ..." : line;
    }
  }

  /**
   * Runs it, whatever it comes to.
   *
   * @param added to the environment
   * @param remedy what to do where the program is not there
   * @throws DeskException where it cannot be run, or does not end
   */
  Answer run(List<String> command, Map<String, String> added, String remedy)
      throws DeskException, InterruptedException {
    var process = start(command, added, remedy);
    var ended = false;
    try {
      var beginning = reading(process.getInputStream());
      var beside = reading(process.getErrorStream());
      if (!process.waitFor(deadline.toMillis(), TimeUnit.MILLISECONDS)) {
        throw late(command);
      }
      ended = true;
      // what it has left behind may hold its output open; that it has ended is enough
      var text = beginning.completeOnTimeout("", 10, TimeUnit.SECONDS);
      var messages = beside.completeOnTimeout("", 10, TimeUnit.SECONDS);
      return new Answer(process.exitValue(), text.get(), messages.get());
    } catch (ExecutionException e) {
      throw new IllegalStateException("reading does not fail", e);
    } finally {
      if (!ended) {
        end(process);
      }
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** With all that it began: what its own end leaves to others is no descendant any more. */
  private void end(Process process) {
    if (found("setsid").isEmpty()) {
      return; // it shares our group
    }
    try {
      var _ =
          new ProcessBuilder("/bin/sh", "-c", "kill -KILL \"-$1\"", "sh", "" + process.pid())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start()
              .waitFor(KILLING.toSeconds(), TimeUnit.SECONDS);
    } catch (IOException _) {
      return; // its descendants are ended all the same
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private DeskException late(List<String> command) {
    return new DeskException(
        "'%s' has not ended within %d s".formatted(command.getFirst(), deadline.toSeconds()),
        "run it by hand to see why; is what it asks reached from this machine?",
        new TimeoutException());
  }

  private Process start(List<String> command, Map<String, String> added, String remedy)
      throws DeskException {
    var whole = new ArrayList<>(command);
    whole.set(0, program(command.getFirst(), remedy).toString());
    found("setsid").ifPresent(it -> whole.addFirst(it.toString()));
    var builder =
        new ProcessBuilder(whole)
            .directory(Path.of("/").toFile())
            .redirectInput(Path.of("/dev/null").toFile());
    var own = new HashMap<>(environment);
    own.put("LC_ALL", "C"); // or it would answer in the operator's language
    own.putAll(added);
    builder.environment().clear();
    builder.environment().putAll(own);
    try {
      return builder.start();
    } catch (IOException e) {
      throw new DeskException(
          "'%s' cannot be started here".formatted(command.getFirst()),
          "see whether it can be run",
          e);
    }
  }

  /** In the operator's own PATH. */
  private Path program(String name, String remedy) throws DeskException {
    return found(name)
        .orElseThrow(() ->
            new DeskException(
                "there is no program '%s' on this machine".formatted(name), remedy, null));
  }

  private Optional<Path> found(String name) {
    var places =
        name.startsWith("/")
            ? List.of(Path.of(name))
            : Arrays.stream(environment.getOrDefault("PATH", "/usr/bin:/bin").split(":"))
                .filter(it -> it.startsWith("/"))
                .map(it -> Path.of(it, name))
                .toList();
    return places.stream().filter(Files::isRegularFile).filter(Files::isExecutable).findFirst();
  }

  /** On a thread of the platform: a virtual one that reads from a pipe keeps its carrier. */
  private static CompletableFuture<String> reading(InputStream in) {
    return CompletableFuture.supplyAsync(
        () -> beginning(in), work -> Thread.ofPlatform().daemon().start(work));
  }

  private static String beginning(InputStream in) {
    try (in) {
      var kept = in.readNBytes(KEPT);
      in.transferTo(java.io.OutputStream.nullOutputStream());
      return new String(kept, StandardCharsets.UTF_8);
    } catch (IOException _) {
      return ""; // it was ended by us
    }
  }
}

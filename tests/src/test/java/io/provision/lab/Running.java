package io.provision.lab;

import static org.assertj.core.api.Assertions.fail;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** A started program, which can be watched and killed. */
final class Running {
  /**
   * Only ends what hangs, later than the five minutes that most steps wait, or what a step says of
   * what never came would not be seen: real programs and their images are gigabytes for a few
   * nodes, and a machine in software takes minutes to install a package.
   */
  private static final int MINUTES =
      Integer.parseInt(
          System.getenv()
              .getOrDefault(
                  "PROVISION_SUITE_MINUTES",
                  System.getenv("PROVISION_ARTIFACTS") == null ? "7" : "20"));

  private static final Set<Running> ALL = ConcurrentHashMap.newKeySet();

  private final Process process;
  private final List<String> command;
  private final List<String> out = new CopyOnWriteArrayList<>();
  private final List<String> err = new CopyOnWriteArrayList<>();
  private final List<Thread> readers;

  Running(Process process, List<String> command) throws IOException {
    this.process = process;
    this.command = command;
    process.getOutputStream().close();
    this.readers =
        List.of(reading(process.getInputStream(), out), reading(process.getErrorStream(), err));
    ALL.add(this);
  }

  long pid() {
    return process.pid();
  }

  /** Waits until it has written an event like this one; fails where it ends without. */
  void await(Predicate<JsonNode> event) {
    if (!reaches(event)) {
      fail("ended before what was waited for: %s", end());
    }
  }

  /** Waits until it has written an event like this one; false where it ended without. */
  boolean reaches(Predicate<JsonNode> event) {
    for (var next = 0; hasWritten(next + 1); next++) {
      if (event.test(Result.json(out.get(next)))) {
        return true;
      }
    }
    return false;
  }

  /** Waits until a script on a node succeeds; fails with what it said where it ends before. */
  void awaitOn(Node node, String what, String script) {
    while (!node.answers(script)) {
      if (!process.isAlive() && !node.answers(script)) {
        fail("ended before there was %s on %s: %s", what, node.name(), end());
      }
      Pause.milliseconds(200);
    }
  }

  /** How many lines it has written by now. */
  int lines() {
    return out.size();
  }

  /** The events after so many lines, as far as they are written. */
  Stream<JsonNode> linesSince(int lines) {
    return out.stream().skip(lines).map(Result::json);
  }

  /** Waits until it has written so many lines; false where it ended with less. */
  boolean hasWritten(int lines) {
    while (out.size() < lines) {
      if (!process.isAlive()) {
        join();
        return out.size() >= lines;
      }
      Pause.milliseconds(5);
    }
    return true;
  }

  /**
   * As {@code kill -9} does it, to it and all it has started. Of one that has ended, the JDK's
   * {@code onExit} may wait for whoever has its number by now, be it a thread of a lab node.
   */
  void kill() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    try {
      var _ = process.destroyForcibly().waitFor();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    join();
  }

  /** Leaves nothing behind of a test that failed while it ran. */
  static void killAll() {
    ALL.forEach(Running::kill);
    ALL.clear();
  }

  /** Sends a signal by its name. */
  void signal(String name) {
    Commands.run("sh", "-c", "kill -%s %d".formatted(name, pid()));
  }

  Result end() {
    try {
      if (!process.waitFor(MINUTES, TimeUnit.MINUTES)) {
        kill();
        return fail(
            "still running after %d minutes; the last that it said:%n%s%n%s",
            MINUTES,
            String.join("\n", out.subList(Math.max(0, out.size() - 3), out.size())),
            new Result(command, process.exitValue(), out, err));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
    join();
    ALL.remove(this);
    return new Result(command, process.exitValue(), List.copyOf(out), List.copyOf(err));
  }

  private void join() {
    try {
      for (var reader : readers) {
        reader.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }

  /** On a thread of the platform: a virtual one that reads from a pipe keeps its carrier. */
  private static Thread reading(InputStream stream, List<String> lines) {
    return Thread.ofPlatform()
        .daemon()
        .start(() -> {
          try (var reader =
              new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8))) {
            reader.lines().forEach(lines::add);
          } catch (IOException | UncheckedIOException _) {
            return; // killed: the stream is closed under its reader
          }
        });
  }
}

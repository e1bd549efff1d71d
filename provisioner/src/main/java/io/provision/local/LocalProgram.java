package io.provision.local;

import io.provision.desk.Outside.Ended;
import io.provision.desk.Outside.Occasion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/**
 * Runs programs of the user's on this machine. Each is a session of its own where {@code setsid} is
 * there (util-linux): what is typed at our terminal does not end it, and its children end with it.
 * Else those are ended that are its descendants at that moment.
 *
 * @param environment ours, of which they find what says who and where they are: it may hold secrets
 */
record LocalProgram(Map<String, String> environment) {
  /** Between a request to end and the end. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  /** For what it has said before it ended; a child that lives on can hold its output open. */
  private static final Duration READ = Duration.ofSeconds(2);

  /** What they find of ours. */
  private static final Pattern FOUND =
      Pattern.compile("PATH|HOME|USER|LOGNAME|LANG|LANGUAGE|LC_[A-Z]+|TZ|TMPDIR");

  /** With a shell's own {@code kill}, which takes a group: SIGNAL GROUP. */
  private static final String KILL = "kill -s \"$1\" -- \"-$2\"";

  Ended run(List<String> command, Duration within, Occasion occasion) throws InterruptedException {
    var program = find(command.getFirst(), occasion.directory());
    var why = unstartable(command.getFirst(), occasion.directory());
    if (why.isPresent() || program.isEmpty()) {
      return new Ended.Unstarted(why.orElse("it is not there any more"));
    }
    Process process;
    var alone = find("setsid", occasion.directory());
    try {
      process = started(whole(program.get(), command, alone), occasion);
    } catch (IOException e) {
      return new Ended.Unstarted("it cannot be started (%s)".formatted(DeskFault.reason(e)));
    }
    var said = new Said();
    var read = new CountDownLatch(1);
    Thread.startVirtualThread(() -> said.all(process.getInputStream(), read));
    try {
      if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
        end(process, alone.isPresent());
        read.await(READ.toMillis(), TimeUnit.MILLISECONDS);
        return new Ended.Late(said.lines());
      }
      read.await(READ.toMillis(), TimeUnit.MILLISECONDS);
      return new Ended.Exited(process.exitValue(), said.lines());
    } catch (InterruptedException e) {
      kill(process, alone.isPresent(), "KILL");
      throw e;
    }
  }

  private static List<String> whole(Path program, List<String> command, Optional<Path> alone) {
    var words = new ArrayList<String>();
    alone.ifPresent(it -> words.add(it.toString()));
    words.add(program.toString());
    words.addAll(command.subList(1, command.size()));
    return words;
  }

  private Process started(List<String> words, Occasion occasion) throws IOException {
    var builder =
        new ProcessBuilder(words)
            .directory(occasion.directory().toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true);
    builder.environment().clear();
    environment.forEach((name, value) -> {
      if (FOUND.matcher(name).matches()) {
        builder.environment().put(name, value);
      }
    });
    builder.environment().putAll(occasion.variables());
    return builder.start();
  }

  /** It is asked to, then made to. */
  private static void end(Process process, boolean alone) throws InterruptedException {
    var children = process.descendants().toList();
    kill(process, alone, "TERM");
    var _ = process.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    kill(process, alone, "KILL");
    children.forEach(ProcessHandle::destroyForcibly);
  }

  private static void kill(Process process, boolean alone, String signal) {
    var all = new ArrayList<ProcessHandle>(process.descendants().toList());
    all.add(process.toHandle());
    if (alone) {
      group(signal, process.pid());
      if (!signal.equals("KILL")) {
        return; // each is asked once
      }
    }
    for (var each : all) {
      var _ = signal.equals("KILL") ? each.destroyForcibly() : each.destroy();
    }
  }

  private static void group(String signal, long group) {
    try {
      var kill =
          new ProcessBuilder("/bin/sh", "-c", KILL, "sh", signal, Long.toString(group))
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      var _ = kill.waitFor(GRACE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (IOException e) {
      // its descendants are ended all the same
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  Optional<String> unstartable(String program, Path directory) {
    if (!Files.isDirectory(directory)) {
      return Optional.of("%s is not there to run it in".formatted(directory));
    }
    if (find(program, directory).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        program.contains("/")
            ? Files.exists(directory.resolve(program))
                ? "%s is not a program that can be run (chmod +x)"
                    .formatted(directory.resolve(program).normalize())
                : "%s is not there".formatted(directory.resolve(program).normalize())
            : "there is no program '%s' in PATH".formatted(program));
  }

  /** As a shell looks for it: a name without a slash in PATH, a path from that directory. */
  private Optional<Path> find(String program, Path directory) {
    var candidates =
        program.contains("/")
            ? List.of(directory.resolve(program))
            : Arrays.stream(environment.getOrDefault("PATH", "/usr/bin:/bin").split(":"))
                .filter(it -> it.startsWith("/"))
                .map(it -> Path.of(it, program))
                .toList();
    return candidates.stream()
        .filter(it -> Files.isRegularFile(it) && Files.isExecutable(it))
        .map(it -> it.toAbsolutePath().normalize())
        .findFirst();
  }

  /** The end of what a program says; without it, it would wait for somebody who reads. */
  private static final class Said {
    private static final int KEPT = 16 << 10;
    private static final int LINES = 15;

    private final byte[] ring = new byte[KEPT];
    private long size;

    void all(InputStream in, CountDownLatch read) {
      var buffer = new byte[8 << 10];
      try {
        for (var count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          add(buffer, count);
        }
      } catch (IOException _) {
        // what came until then is what it said
      } finally {
        read.countDown();
      }
    }

    private synchronized void add(byte[] buffer, int count) {
      for (var i = 0; i < count; i++) {
        ring[(int) (size++ % KEPT)] = buffer[i];
      }
    }

    synchronized List<String> lines() {
      var length = (int) Math.min(size, KEPT);
      var bytes = new byte[length];
      for (var i = 0; i < length; i++) {
        bytes[i] = ring[(int) ((size - length + i) % KEPT)];
      }
      var lines =
          new String(bytes, StandardCharsets.UTF_8)
              .lines()
              .map(PlainText::line)
              .filter(line -> !line.isEmpty())
              .toList();
      return lines.subList(Math.max(0, lines.size() - LINES), lines.size());
    }
  }
}

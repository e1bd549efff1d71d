package io.provision.ssh;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Vagrant on this machine, asked about the machines of a Vagrantfile.
 *
 * @param directory of the Vagrantfile, or one below it
 * @param within how long an answer may take: its providers ask programs of their own
 * @see <a href="https://developer.hashicorp.com/vagrant/docs/cli/machine-readable">what it says</a>
 */
record VagrantProgram(Path directory, Workstation here, Duration within) {
  /** Of a hundred machines, a thousand times over. */
  private static final int LONGEST = 4 << 20;

  private static final int NOT_FOUND = 127; // as env(1) and shells have it

  private static final Pattern LINE = Pattern.compile("\\d+,([^,]*),([a-z-]+),(.*)");

  /**
   * @param machine that it is about; empty where about none
   * @param data as many as the kind has
   */
  record Line(String machine, String kind, List<String> data) {}

  /**
   * @param last what was said last that is for people
   */
  record Answer(int code, List<Line> lines, String last) {
    Stream<Line> of(String kind) {
      return lines.stream().filter(line -> line.kind().equals(kind));
    }

    /** Why it failed, in its own words where it has some. */
    String failure() {
      var said =
          of("error-exit")
              .filter(line -> line.data().size() > 1)
              .map(line -> line.data().getLast().replaceAll("\\s+", " ").strip())
              .findFirst()
              .orElse(last);
      return said.isEmpty() ? "it said nothing" : said;
    }
  }

  Answer ask(List<String> arguments) throws IOException {
    var words = new ArrayList<>(List.of("/usr/bin/env", "vagrant"));
    words.addAll(arguments);
    words.add("--machine-readable");
    var process = start(words);
    var output = new CompletableFuture<byte[]>();
    Thread.startVirtualThread(() -> read(process.getInputStream(), output));
    try {
      var said = output.get(within.toMillis(), TimeUnit.MILLISECONDS);
      if (!process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new TimeoutException();
      }
      var answer = answer(said, process.exitValue());
      if (answer.code() == NOT_FOUND) {
        throw new IOException("there is no program 'vagrant' in PATH");
      }
      return answer;
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("%s was interrupted".formatted(named(arguments)));
    } catch (TimeoutException _) {
      throw new IOException(
          "%s did not end within %d s".formatted(named(arguments), within.toSeconds()));
    } catch (ExecutionException e) {
      var why = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
      throw new IOException("%s: %s".formatted(named(arguments), why), e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** For people: what was run, and where. */
  String named(List<String> arguments) {
    return "'vagrant %s' in %s".formatted(String.join(" ", arguments), directory);
  }

  private Process start(List<String> words) throws IOException {
    var builder =
        new ProcessBuilder(words)
            .directory(directory.toFile())
            .redirectInput(Path.of("/dev/null").toFile())
            .redirectErrorStream(true);
    builder.environment().clear();
    builder.environment().putAll(here.environment());
    // Whoever has one of these set means another directory, or waits for news of Vagrant's
    // versions.
    builder.environment().put("VAGRANT_CWD", directory.toString());
    builder.environment().put("VAGRANT_CHECKPOINT_DISABLE", "1");
    return builder.start();
  }

  private static void read(InputStream in, CompletableFuture<byte[]> output) {
    try (in) {
      var bytes = in.readNBytes(LONGEST + 1);
      if (bytes.length > LONGEST) {
        throw new IOException("it says more than %d MiB".formatted(LONGEST >> 20));
      }
      output.complete(bytes);
    } catch (IOException e) {
      output.completeExceptionally(e);
    }
  }

  private static Answer answer(byte[] bytes, int code) {
    var lines = new ArrayList<Line>();
    var last = "";
    for (var text : new String(bytes, StandardCharsets.UTF_8).lines().toList()) {
      var line = LINE.matcher(text);
      if (line.matches()) {
        lines.add(new Line(line.group(1), line.group(2), data(line.group(3))));
      } else if (!text.isBlank()) {
        last = text.strip();
      }
    }
    return new Answer(code, List.copyOf(lines), last);
  }

  private static List<String> data(String written) {
    return Stream.of(written.split(",", -1))
        .map(it -> it.replace("\\n", "\n").replace("\\r", "\r").replace("%!(VAGRANT_COMMA)", ","))
        .toList();
  }
}

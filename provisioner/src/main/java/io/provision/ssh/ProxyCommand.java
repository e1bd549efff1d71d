package io.provision.ssh;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * ProxyCommand of ssh_config(5): a command on this machine whose stdin and stdout are the
 * connection.
 *
 * @param text its tokens expanded
 * @param shell what runs it: the user's own, as with OpenSSH
 */
public record ProxyCommand(String text, String shell) {

  /** Starts one connection. */
  public Running start() throws IOException {
    return new Running(new ProcessBuilder(shell, "-c", "exec " + text).start());
  }

  /** One that runs. Closing it ends it, and what it started. */
  public static final class Running implements AutoCloseable {
    private static final int KEPT = 4 << 10;

    private final Process process;
    private final StringBuffer said = new StringBuffer();
    private final Thread listener;

    private Running(Process process) {
      this.process = process;
      this.listener = Thread.ofVirtual().name("proxy-stderr").start(this::listen);
    }

    private void listen() {
      var buffer = new byte[1024];
      try (var in = process.getErrorStream()) {
        for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
          said.append(new String(buffer, 0, count, StandardCharsets.UTF_8));
          if (said.length() > 2 * KEPT) {
            said.delete(0, said.length() - KEPT);
          }
        }
      } catch (IOException e) {
        said.append(" (").append(e.getMessage()).append(')');
      }
    }

    public InputStream in() {
      return process.getInputStream();
    }

    public OutputStream out() {
      return process.getOutputStream();
    }

    /** How it ended, where it did, and the last line it said; its end may be a moment away. */
    public Optional<String> ended() {
      try {
        if (!process.waitFor(1, TimeUnit.SECONDS)) {
          return Optional.empty();
        }
        // What it said last can still be on its way; a child that it left behind can hold it open.
        listener.join(Duration.ofSeconds(1));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return Optional.empty();
      }
      var last = said.toString().strip();
      return Optional.of(
          "exit status %d%s"
              .formatted(
                  process.exitValue(),
                  last.isEmpty() ? "" : ", " + last.substring(last.lastIndexOf('\n') + 1).strip()));
    }

    /** Not by {@link Process#destroy}, which closes stderr too: what it says last would be lost. */
    @Override
    public void close() {
      process.descendants().forEach(ProcessHandle::destroy);
      process.toHandle().destroy();
      for (Closeable stream : List.of(process.getOutputStream(), process.getInputStream())) {
        try {
          stream.close();
        } catch (IOException _) {
          continue; // it has ended, and nobody reads what was still to be sent
        }
      }
    }
  }

  @Override
  public String toString() {
    return text;
  }
}

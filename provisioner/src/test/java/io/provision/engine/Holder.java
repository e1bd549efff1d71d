package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A run of somebody else that holds the lock of a host, until it is closed. */
record Holder(Process process) implements AutoCloseable {

  /**
   * @param directory where the hosts' run directories are, in {@code run}
   */
  static Holder of(Path directory, String host) throws Exception {
    return of(directory, host, "ann@desk, run r0, since noon");
  }

  /**
   * @param owner as the run calls itself
   */
  static Holder of(Path directory, String host, String owner) throws Exception {
    var run = Files.createDirectories(directory.resolve("run").resolve(host));
    // whoever holds a lock for a living operator has an SSH server above it
    var server = directory.resolve("sshd");
    if (!Files.exists(server)) {
      Files.copy(Path.of("/usr/bin/flock"), server);
    }
    var holder =
        new ProcessBuilder(
                server.toString(), run.resolve("lock").toString(), "sh", "-c", "echo held; cat")
            .start();
    Files.writeString(run.resolve("owner"), holder.pid() + "\n" + owner + "\n");
    assertThat(holder.inputReader().readLine()).isEqualTo("held");
    return new Holder(holder);
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    assertThat(process.onExit().join().exitValue()).isZero();
  }
}

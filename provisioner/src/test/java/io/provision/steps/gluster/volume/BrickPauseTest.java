package io.provision.steps.gluster.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.LocalHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real processes; what is a brick and what is not stands in the shell's cases. */
final class BrickPauseTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void aBrickIsAskedToEndAndAnotherProcessIsNot(String shell) throws Exception {
    var volume = Files.createDirectories(directory.resolve("gluster/vols/v"));
    var brick = named("glusterfsd");
    var other = named("database");
    try {
      Files.writeString(volume.resolve("h1-b.pid"), brick.pid() + "\n");
      Files.writeString(volume.resolve("h1-c.pid"), other.pid() + "\n");
      var end = BrickPause.ended().call().function();
      var elsewhere =
          new ShellFunction(
              end.name(), end.body().replace("/var/run/", directory + "/"), end.uses());
      var ended = new LocalHost(directory).in(shell.split(" ")).attempt(Script.of(elsewhere));
      assertThat(ended.ok()).isTrue();
      assertThat(brick.waitFor(5, TimeUnit.SECONDS)).as("the brick has ended").isTrue();
      assertThat(brick.exitValue()).as("by SIGTERM").isEqualTo(128 + 15);
      assertThat(other.isAlive()).isTrue();
    } finally {
      brick.destroyForcibly();
      other.destroyForcibly();
    }
  }

  private static Process named(String name) throws Exception {
    var process =
        new ProcessBuilder(List.of("bash", "-c", "exec -a " + name + " sleep 60")).start();
    var line = Path.of("/proc/%d/cmdline".formatted(process.pid()));
    while (!Files.readString(line).startsWith(name)) {
      Thread.sleep(5);
    }
    return process;
  }
}

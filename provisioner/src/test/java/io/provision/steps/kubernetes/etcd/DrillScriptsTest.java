package io.provision.steps.kubernetes.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Call;
import io.provision.remote.InnerShell;
import io.provision.remote.Payload;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a drill takes, and what it does where nobody is left who would hear of it. */
final class DrillScriptsTest {
  @TempDir Path directory;

  @Test
  void whatItTakesGrowsWithTheSnapshot() {
    var inside = Call.of(DrillScripts.SHARE, "/x");
    var archive = new Payload.LocalFile(directory.resolve("a.tar"), 2L << 30);
    assertThat(
            DrillScripts.tried(archive, "0".repeat(64), 800, inside).getFirst().call().arguments())
        .containsExactly(Long.toString((6L << 20) + (200 << 10)), Integer.toString(800 + 4 * 2048));
  }

  @Test
  void aWaitEndsWhereNobodyListens() throws Exception {
    var kubectl = Files.writeString(directory.resolve("kubectl"), "#!/bin/sh\nexit 1\n");
    assertThat(kubectl.toFile().setExecutable(true)).isTrue();
    var awaits =
        Call.of(
            DrillScripts.AWAIT,
            Long.toString(ProcessHandle.current().pid()),
            directory.resolve("log").toString(),
            kubectl.toString(),
            kubectl.toString());
    var inside = Files.writeString(directory.resolve("inside.sh"), InnerShell.text(awaits));
    var process =
        new ProcessBuilder("/bin/sh", inside.toString(), "m")
            .redirectOutput(Path.of("/dev/full").toFile())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try {
      assertThat(process.waitFor(30, TimeUnit.SECONDS)).as("it ended").isTrue();
      assertThat(process.exitValue()).isNotZero();
    } finally {
      process.destroyForcibly();
    }
  }
}

package io.provision.remote;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What a session does whose directory on the host takes no more: a file of it cannot grow here
 * beyond a block of ulimit, which both kinds of shell count as at most 1024 bytes.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FullRunDirectoryTest {
  private static final int MORE_THAN_FITS = 2048;
  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({
    "dash, lock",
    "bash, lock",
    "busybox sh, lock",
    "dash, run",
    "bash, run",
    "busybox sh, run"
  })
  void nothingOfWhatDidNotFitIsRunAndTheReasonIsSaid(String shell, String verb) throws Exception {
    var ran = directory.resolve("ran");
    var line = "touch " + ran + "\n";
    var text = line + "#".repeat(MORE_THAN_FITS - line.length());

    assertThat(ask(shell, verb, text))
        .contains("exit 75", directory + " cannot be written", "the file system /small is full")
        .doesNotContain("@@m1");
    assertThat(ran).doesNotExist();
    try (var left = Files.list(directory)) {
      assertThat(left.map(it -> it.getFileName().toString())).containsOnly("lock");
    }
    assertThat(ask(shell, verb, line)).contains("exit 0", "@@m1").doesNotContain("cannot");
  }

  /** What it said on either stream, and how it ended. */
  private String ask(String shell, String verb, String text) throws Exception {
    var loop = Session.LOOP.replace("d=/run/provision;", "d=" + directory + ";");
    var command = new ArrayList<>(List.of(shell.split(" ")));
    var df = "df() { echo Filesystem; echo tmpfs 64 64 0 100% /small; }; ";
    command.addAll(List.of("-c", "ulimit -f 1; trap '' XFSZ; " + df + loop, "provision", "x"));
    var session = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (var in = session.getOutputStream()) {
      in.write("%s m1 %d 0 60\n%s".formatted(verb, text.length(), text).getBytes(UTF_8));
    }
    var said = new String(session.getInputStream().readAllBytes(), UTF_8);
    return said + "exit " + session.waitFor();
  }
}

package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The host's side of waiting for what a dead run has left behind, in every shell that may run it.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class LockWaitTest {
  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void saysWhoseLockItIsUntilItHasIt(String shell) throws Exception {
    var orphan = orphan();
    var session = session(shell);
    var out = session.inputReader();
    ask(session);

    assertThat(until(out, "say")).isEqualTo("@@m1 say ann@laptop, run r0");
    orphan.getOutputStream().close();
    assertThat(until(out, "locked")).isEqualTo("@@m1 locked");
    session.getOutputStream().close();
    assertThat(session.waitFor()).isZero();
    assertThat(Files.readAllLines(directory.resolve("owner")).getLast()).isEqualTo("me");
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void endsWhenNobodyListensAnyMore(String shell) throws Exception {
    var orphan = orphan();
    var session = session(shell);
    ask(session);
    until(session.inputReader(), "say");
    session.getInputStream().close();

    session.waitFor();
    assertThat(Files.readAllLines(directory.resolve("owner")).getLast())
        .isEqualTo("ann@laptop, run r0");
    orphan.getOutputStream().close();
  }

  /** What was left behind is through, and a run that lives was quicker. */
  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void whoWaitsForWhatADeadRunLeftDoesNotWaitForALivingOne(String shell) throws Exception {
    var orphan = orphan();
    var session = session(shell);
    ask(session);
    until(session.inputReader(), "say");
    var server = Files.copy(Path.of("/usr/bin/sleep"), directory.resolve("sshd"));
    var living = new ProcessBuilder(server.toString(), "600").start();
    Files.writeString(directory.resolve("owner"), living.pid() + "\nbob@desk, run r1\n");
    assertThat(untilOneOf(session.inputReader(), "@@m1 held", "@@m1 locked"))
        .isEqualTo("@@m1 held");
    session.getOutputStream().close();
    session.waitFor();
    living.destroy();
    orphan.getOutputStream().close();
  }

  /** A host that another run reboots is that run's until it is back, or its time is over. */
  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void aClaimHoldsForItsOwnerAloneAndNoLongerThanItSays(String shell) throws Exception {
    var later = Instant.now().getEpochSecond() + 3600;
    assertThat(lockOn(shell, later + "\nann@laptop, run r0\n")).isEqualTo("@@m1 held");
    assertThat(lockOn(shell, later + "\nme\n")).isEqualTo("@@m1 locked");
    assertThat(lockOn(shell, "1000\nann@laptop, run r0\n")).isEqualTo("@@m1 locked");
    for (var nonsense :
        List.of(
            "\n",
            "999999999999999\nann\n",
            "x\nann\n",
            "-\n",
            "$(reboot)\n`x`\n",
            "a".repeat(100000))) {
      assertThat(lockOn(shell, nonsense)).as(nonsense).isEqualTo("@@m1 locked");
    }
  }

  @Test
  void whoseClaimItIsIsTold() throws Exception {
    var later = Instant.now().getEpochSecond() + 3600;
    Files.writeString(directory.resolve("claim"), later + "\nann@laptop, run r0\n");
    var session = session("dash");
    ask(session);
    until(session.inputReader(), "begin");
    assertThat(session.inputReader().readLine()).isEqualTo("ann@laptop, run r0");
    session.getOutputStream().close();
  }

  private String lockOn(String shell, String claim) throws IOException, InterruptedException {
    Files.writeString(directory.resolve("claim"), claim);
    var session = session(shell);
    ask(session);
    var said = untilOneOf(session.inputReader(), "@@m1 held", "@@m1 locked");
    session.getOutputStream().close();
    session.waitFor();
    return said;
  }

  private static String untilOneOf(BufferedReader out, String... lines) throws IOException {
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      if (List.of(lines).contains(line)) {
        return line;
      }
    }
    return "(it ended)";
  }

  private Process session(String shell) throws IOException {
    var command = new ArrayList<>(List.of(shell.split(" ")));
    var loop =
        Session.LOOP
            .replace("d=/run/provision;", "d=" + directory + ";")
            .replace("c=/var/lib/provision/claim;", "c=" + directory + "/claim;");
    command.addAll(List.of("-c", loop, "provision", "x"));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static void ask(Process session) throws IOException {
    session
        .getOutputStream()
        .write("lock m1 3 0 600\nme\n".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    session.getOutputStream().flush();
  }

  private Process orphan() throws IOException {
    Files.writeString(directory.resolve("owner"), "1\nann@laptop, run r0\n");
    var lock = directory.resolve("lock").toString();
    var orphan = new ProcessBuilder("flock", lock, "sh", "-c", "echo held; cat").start();
    assertThat(orphan.inputReader().readLine()).isEqualTo("held");
    return orphan;
  }

  private static String until(BufferedReader out, String word) throws IOException {
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      if (line.contains(word)) {
        return line;
      }
    }
    throw new AssertionError("it ended without saying " + word);
  }
}

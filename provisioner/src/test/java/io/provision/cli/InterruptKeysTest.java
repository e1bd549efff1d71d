package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Real signals to a real process; waits for what it says, not for a time. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptKeysTest {
  @TempDir private Path directory;
  private final List<Process> started = new ArrayList<>();

  @AfterEach
  void end() {
    started.forEach(Process::destroyForcibly);
  }

  @Test
  void onceFinishesTheStepInHand() throws Exception {
    var process = start("polite");
    try (var out = process.inputReader()) {
      until(out, "step_started");
      interrupt(process);
      var summary = until(out, "\"summary\"");

      assertThat(summary).contains("\"changed\":1", "\"interrupted\":true", "\"exit\":130");
      assertThat(process.waitFor()).isEqualTo(130);
    }
  }

  @Test
  void twiceLeavesAtOnceAndSaysWhatIsUnknown() throws Exception {
    var process = start("stubborn");
    try (var out = process.inputReader()) {
      until(out, "step_started");
      interrupt(process);
      until(out, "Stopping");
      interrupt(process);
      var summary = until(out, "\"summary\"");

      assertThat(summary).contains("\"unknown\":[\"w1: packages\"]", "\"exit\":130");
      assertThat(process.waitFor()).isEqualTo(130);
    }
  }

  /** The test can only open the pipe once the program waits at its other end. */
  @Test
  void whileInputIsAwaitedTheFirstOneLeaves() throws Exception {
    for (var signal : List.of("TERM", "INT")) {
      var pipe = directory.resolve("inventory-" + signal);
      run("mkfifo", pipe.toString());
      var process = start(Main.class.getName(), "validate", pipe.toString());
      try (var silent = Files.newOutputStream(pipe)) {
        run("kill", "-" + signal, Long.toString(process.pid()));
        assertThat(process.waitFor()).isEqualTo(130);
        assertThat(silent).isNotNull();
      }
    }
  }

  /** With the signal as at a terminal: what a script starts with an ampersand ignores it. */
  private Process start(String manner) throws IOException {
    return start(
        SlowRun.class.getName(), manner, directory.toString(), "apply", "a.yml", "--output=json");
  }

  private Process start(String... command) throws IOException {
    var java = ProcessHandle.current().info().command().orElseThrow();
    var classes = System.getProperty("java.class.path");
    var line = new ArrayList<>(List.of("env", "--default-signal=INT", java, "-cp", classes));
    line.addAll(List.of(command));
    var process = new ProcessBuilder(line).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    started.add(process);
    return process;
  }

  private static void interrupt(Process process) throws Exception {
    run("kill", "-INT", Long.toString(process.pid()));
  }

  private static void run(String... command) throws Exception {
    assertThat(new ProcessBuilder(command).start().waitFor()).isZero();
  }

  private static String until(BufferedReader out, String text) throws IOException {
    for (var line = out.readLine(); line != null; line = out.readLine()) {
      if (line.contains(text)) {
        return line;
      }
    }
    throw new AssertionError("the process ended without saying " + text);
  }
}

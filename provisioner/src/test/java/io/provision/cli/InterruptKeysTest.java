package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real signals to a real process; waits for what it says, not for a time. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class InterruptKeysTest {
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

  /** With the signal as at a terminal: what a script starts with an ampersand ignores it. */
  private Process start(String manner) throws IOException {
    var java = ProcessHandle.current().info().command().orElseThrow();
    var classes = System.getProperty("java.class.path");
    var process =
        new ProcessBuilder(
                "env",
                "--default-signal=INT",
                java,
                "-cp",
                classes,
                SlowRun.class.getName(),
                manner,
                "apply",
                "a.yml",
                "--output=json")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    started.add(process);
    return process;
  }

  private static void interrupt(Process process) throws Exception {
    var kill = List.of("kill", "-INT", Long.toString(process.pid()));
    assertThat(new ProcessBuilder(kill).start().waitFor()).isZero();
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

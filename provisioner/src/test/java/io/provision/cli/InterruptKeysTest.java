package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real signals to a real process; waits for what it says, not for a time. */
@Timeout(60)
class InterruptKeysTest {

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

  private static Process start(String manner) throws IOException {
    var java = ProcessHandle.current().info().command().orElseThrow();
    var classes = System.getProperty("java.class.path");
    return new ProcessBuilder(
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

package io.provision.cli.rotation.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.provision.cli.rotation.report.HostStory.State;
import io.provision.cli.run.ExitCode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The file that a node_exporter collects. */
final class MetricsFileTest {
  private static final String CANARY = "a \"b\" \\c\nd\u001b[31m\0 \ud800 e}";

  @TempDir Path directory;

  private Path file() {
    return directory.resolve("provision.prom");
  }

  private String text() throws IOException {
    return Files.readString(file());
  }

  private Map<String, String> written(RunEnd end) throws IOException {
    new MetricsFile(file()).write(end);
    return Exposition.read(text());
  }

  private static final RunEnd MIXED =
      Stories.end(
          ExitCode.FAILED,
          Stories.rebooted("w1"),
          Stories.of("w2", State.FAILED, "no", "libc6", CANARY, CANARY),
          Stories.of("w3", State.WAITING, "no window", "it booted 30 days ago"),
          Stories.of("w4", State.NOT_WANTED, ""));

  @Test
  void aRotationIsTold() throws Exception {
    assertThat(written(MIXED))
        .containsEntry(
            "provision_rotation_last_run_timestamp_seconds{cluster=home}", "1767320400.25")
        .containsEntry("provision_rotation_duration_seconds{cluster=home}", "1200.25")
        .containsEntry("provision_rotation_exit_code{cluster=home}", "1")
        .containsEntry("provision_rotation_hosts{cluster=home, state=rebooted}", "1")
        .containsEntry("provision_rotation_hosts{cluster=home, state=failed}", "1")
        .containsEntry("provision_rotation_hosts{cluster=home, state=given_back}", "0")
        .containsEntry("provision_rotation_out_of_use_seconds{cluster=home, host=w1}", "185")
        .containsEntry("provision_rotation_out_of_use_seconds{cluster=home, host=w2}", "900.25")
        .containsEntry("provision_rotation_left_out_of_use{cluster=home, host=w1}", "0")
        .containsEntry("provision_rotation_left_out_of_use{cluster=home, host=w2}", "1")
        .containsEntry("provision_rotation_heal_seconds{cluster=home, host=w1}", "125")
        .containsEntry(
            "provision_rotation_wanted{cluster=home, host=w3, reason=it booted 30 days ago}", "1")
        .doesNotContainKey("provision_rotation_wanted{cluster=home, host=w1, reason=libc6}")
        .doesNotContainKey("provision_rotation_last_success_timestamp_seconds{cluster=home}");
  }

  /** Once, although it is said twice; and nothing in it ends the value or the line. */
  @Test
  void whateverAReasonIsItIsOneLabel() throws Exception {
    var told = "a \"b\" \\c\nd?[31m? ? e}";
    assertThat(written(MIXED))
        .containsEntry(
            "provision_rotation_wanted{cluster=home, host=w2, reason=" + told + "}", "1");
    var reasons = Stories.of("w2", State.WAITING, "", "\\".repeat(5000), "x".repeat(5000));
    assertThat(written(Stories.end(ExitCode.UNSAFE, reasons)).toString()).hasSizeLessThan(3000);
  }

  @Test
  void whenOneLastEndedWellIsKeptWhereThisOneDidNot() throws Exception {
    var success = "provision_rotation_last_success_timestamp_seconds{cluster=home}";
    assertThat(written(Stories.end(ExitCode.DONE))).containsEntry(success, "1767320400.25");
    var later = Stories.end(ExitCode.UNSAFE);
    var next =
        new RunEnd(
            "home",
            later.run(),
            later.began().plusSeconds(86_400),
            later.ended().plusSeconds(86_400),
            later.code(),
            "",
            List.of());
    for (var times = 0; times < 2; times++) {
      assertThat(written(next))
          .containsEntry(success, "1767320400.25")
          .containsEntry(
              "provision_rotation_last_run_timestamp_seconds{cluster=home}", "1767406800.25");
    }
    var other =
        new RunEnd("away", next.run(), next.began(), next.ended(), next.code(), "", List.of());
    assertThat(written(other).keySet()).noneMatch(it -> it.contains("last_success"));
  }

  @Test
  void whateverLiesThereIsReplaced() throws Exception {
    for (var before :
        List.of(
            "garbage",
            "provision_rotation_last_success_timestamp_seconds{cluster=\"home\"} NaN\n",
            "provision_rotation_last_success_timestamp_seconds{cluster=\"home\"} 1 2\n",
            "x".repeat(5 << 20))) {
      Files.writeString(file(), before);
      assertThat(written(MIXED).keySet()).noneMatch(it -> it.contains("last_success"));
    }
    Files.write(file(), new byte[] {(byte) 0xff, (byte) 0xfe});
    assertThat(written(MIXED)).isNotEmpty();
  }

  /** It is collected at any time, by another user, and only by its name. */
  @Test
  void itIsThereAsAWholeAndOthersMayReadIt() throws Exception {
    var _ = written(MIXED);
    var before = Files.getAttribute(file(), "unix:ino");
    var _ = written(MIXED);
    assertThat(Files.getAttribute(file(), "unix:ino")).as("another file").isNotEqualTo(before);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file())))
        .isEqualTo("rw-r--r--");
    try (var all = Files.list(directory)) {
      assertThat(all).containsExactly(file());
    }
  }

  @Test
  void whatKeepsItFromBeingWrittenIsKnownBefore() throws Exception {
    assertThat(new MetricsFile(file()).obstacle()).isEmpty();
    var nowhere = new MetricsFile(directory.resolve("none/provision.prom"));
    assertThat(nowhere.obstacle().orElseThrow())
        .contains("there is no directory " + directory.resolve("none"));
    assertThatThrownBy(() -> nowhere.write(MIXED)).isInstanceOf(IOException.class);
    Files.createDirectory(file());
    assertThat(new MetricsFile(file()).obstacle().orElseThrow()).contains("is a directory");
  }

  /** The tests run as root, whom nothing is forbidden. */
  @Test
  void aDirectoryOfOthersIsRefusedToWhoMayNotWriteThere() throws Exception {
    assumeThat(Files.isWritable(Path.of("/proc/1"))).isFalse();
    assertThat(new MetricsFile(Path.of("/proc/1/provision.prom")).obstacle().orElseThrow())
        .contains("this user may not write in /proc/1");
  }

  /** Where the machine has it: what publishes the format has its own reader. */
  @Test
  void promtoolHasNothingToSay() throws Exception {
    assumeThat(Path.of("/usr/bin/promtool")).isExecutable();
    var _ = written(Stories.end(ExitCode.DONE, Stories.rebooted("w1")));
    var _ = written(MIXED);
    var said = promtool();
    assertThat(said).isEqualTo("0 ");
    Files.writeString(file(), text() + "provision_total{ 1\n");
    assertThat(promtool()).as("the control").doesNotStartWith("0 ");
  }

  private String promtool() throws Exception {
    var process =
        new ProcessBuilder("/usr/bin/promtool", "check", "metrics")
            .redirectInput(file().toFile())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    return process.exitValue() + " " + said;
  }

  @Test
  void theReaderOfTheseTestsTakesNothingElse() {
    var head = "# HELP a b\n# TYPE a gauge\n";
    assertThat(Exposition.read(head + "a{c=\"d\"} 1\n")).containsEntry("a{c=d}", "1");
    for (var wrong :
        List.of(
            "a{c=\"d\"} 1\n",
            head,
            head + "a{c=\"d\"} 1",
            head + "a{c=\"d\"} 1\na{c=\"d\"} 1\n",
            head + "a{c=\"d\"} x\n",
            head + "a{c=\"d\\x\"} 1\n",
            head + "b{c=\"d\"} 1\n",
            head + "a{c=\"d\"} 1\n\n")) {
      assertThatThrownBy(() -> Exposition.read(wrong))
          .as(wrong)
          .isInstanceOf(RuntimeException.class);
    }
  }
}

package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.model.rotation.Fact;
import io.provision.step.Change;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code rotate} tells at its end, of hosts that are no nodes. */
final class RotateReportTest {
  private static final String HOSTS =
      """
      hosts:
        w1: { address: 192.0.2.1 }
        w2: { address: 192.0.2.2 }
      """;

  @TempDir Path directory;
  private final FakeProgram program = new FakeProgram();

  private Session type(String... options) {
    var _ = FakeProgram.write(directory.resolve("w.yml"), HOSTS);
    var line = new ArrayList<>(List.of("rotate", "w.yml"));
    line.addAll(List.of(options));
    return Session.type(program, directory, line.toArray(String[]::new));
  }

  private void rebooted() {
    program.stepName = "host-reboot";
    program.learnt.addAll(
        List.of(
            new Fact.Wanted(List.of("libc6")),
            new Fact.Kernel("6.1.0-1"),
            new Fact.Rebooting(),
            new Fact.Rebooted(),
            new Fact.Kernel("6.1.0-2")));
    program.outcome =
        new Outcome.Changed(List.of(Change.of(Change.Action.RESTART, "host", "libc6", "rebooted")));
  }

  @Test
  void eachHostHasALineAtItsEnd() {
    rebooted();
    var typed = type();
    assertThat(typed.exit()).isZero();
    assertThat(typed.out())
        .containsPattern("(?m)^w1 +rebooted +libc6 +0s +6\\.1\\.0-1 -> 6\\.1\\.0-2 +- +-$");
  }

  @Test
  void aProgramIsToldFactsAsTheyComeAndARowOfEachHost() {
    rebooted();
    assertThat(type("--output", "json").lines())
        .anyMatch(
            it -> it.contains("\"event\":\"learnt\"") && it.contains("\"kernel\":\"6.1.0-1\""))
        .anyMatch(it -> it.contains("\"reboot_wanted\":[\"libc6\"]"))
        .anyMatch(it ->
            it.contains("\"event\":\"row\"")
                && it.contains("\"host\":\"w1\",\"result\":\"rebooted\",\"wanted for\":\"libc6\"")
                && it.contains("\"kernel\":\"6.1.0-1 -> 6.1.0-2\""));
  }

  @Test
  void whatDidNotEndWellHasItsLineToo() {
    program.stepName = "host-reboot";
    program.outcome = new Outcome.Failed(new Failure("w2 is not there", "look"));
    assertThat(type().out()).containsPattern("(?m)^w1 +not begun: w2 is not there +not known");
    program.bug = Optional.of(new IllegalStateException("ours"));
    assertThat(type().exit()).isEqualTo(70);
    assertThat(type().out()).containsPattern("(?m)^w1 +not known");
  }

  private Session measured(String metrics, String... options) {
    var cluster = "cluster: { name: home, distribution: none, rotation: { metrics: %s } }\n";
    var _ = FakeProgram.write(directory.resolve("w.yml"), cluster.formatted(metrics) + HOSTS);
    return type(options);
  }

  private String metrics() throws IOException {
    return Files.readString(directory.resolve("m.prom"));
  }

  @Test
  void howItEndedIsWrittenForACollector() throws Exception {
    rebooted();
    assertThat(measured("m.prom").exit()).isZero();
    assertThat(metrics())
        .contains(
            "provision_rotation_exit_code{cluster=\"home\"} 0",
            "provision_rotation_hosts{cluster=\"home\",state=\"rebooted\"} 1",
            "provision_rotation_last_success_timestamp_seconds{cluster=\"home\"} 1767355200\n");
  }

  @Test
  void howeverItEndsItIsWritten() throws Exception {
    program.stepName = "host-reboot";
    program.stop = Optional.of(new Report.Stop.Locked("w1 is locked by max", "wait"));
    assertThat(measured("m.prom").exit()).isEqualTo(6);
    assertThat(metrics()).contains("exit_code{cluster=\"home\"} 6\n");
    program.stop = Optional.empty();
    program.interrupted = true;
    assertThat(type().exit()).isEqualTo(130);
    assertThat(metrics()).contains("exit_code{cluster=\"home\"} 130\n");
    program.interrupted = false;
    program.bug = Optional.of(new IllegalStateException("ours"));
    assertThat(type().exit()).isEqualTo(70);
    assertThat(metrics()).contains("exit_code{cluster=\"home\"} 70\n");
  }

  @Test
  void wherePlainlyNothingCouldBeWrittenNothingIsBegun() {
    for (var option : List.of("--now", "--dry-run")) {
      var typed = measured("none/m.prom", option);
      assertThat(typed.exit()).isEqualTo(2);
      assertThat(typed.err()).contains("there is no directory STATE/none for the metrics");
      assertThat(program.requests).isEmpty();
    }
  }

  /** What was done is done, and its exit code says how. */
  @Test
  void whatCannotBeWrittenAfterwardsIsSaidAndFailsNothing() {
    rebooted();
    program.meanwhile = () -> directory.resolve("sub").toFile().delete();
    assertThat(directory.resolve("sub").toFile().mkdir()).isTrue();
    var typed = measured("sub/m.prom");
    assertThat(typed.exit()).isZero();
    assertThat(typed.err()).contains("warning", "the metrics were not written");
  }

  @Test
  void aDryRunRebootsNothingAndTellsNothingOfIt() {
    rebooted();
    assertThat(type("--dry-run").out()).doesNotContain("6.1.0-1");
  }
}

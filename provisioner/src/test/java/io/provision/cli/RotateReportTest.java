package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.model.rotation.Fact;
import io.provision.step.Change;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
    program.bug = java.util.Optional.of(new IllegalStateException("ours"));
    assertThat(type().exit()).isEqualTo(70);
    assertThat(type().out()).containsPattern("(?m)^w1 +not known");
  }

  @Test
  void aDryRunRebootsNothingAndTellsNothingOfIt() {
    rebooted();
    assertThat(type("--dry-run").out()).doesNotContain("6.1.0-1");
  }
}

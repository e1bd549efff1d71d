package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.rotation.Hook;
import io.provision.model.rotation.OwnCheck;
import io.provision.model.rotation.OwnCheck.Wanted;
import io.provision.model.rotation.OwnSteps;
import io.provision.model.rotation.Rotation;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What {@code rotate} makes of the checks and hooks of an inventory. */
final class RotateOwnStepsTest {
  private static final String ALL =
      """
      rotation:
        checks:
          - { name: shop answers, http: "https://shop.home/healthz?full=1", status: 204, within: 20s }
          - { name: door, http: "http://192.0.2.7:8080" }
          - { name: backup done, command: [./done.sh, on, 'a b'] }
          - { name: errors, prometheus: "http://prom.home:9090/p", query: 'sum(rate(e[5m]))', below: 0.01 }
          - { name: nodes, prometheus: "http://prom.home", query: 'count(up == 1)', above: 2 }
          - { name: alerts, prometheus: "http://prom.home", query: 'ALERTS{alertstate="firing"}' }
        hooks:
          before_drain:
            - { command: [./done.sh, pause], within: 90s }
            - { name: quiet, command: [/opt/quiet, --long], on: host }
          after_return: { command: [./done.sh], on: here }
      """;

  @TempDir Path directory;
  private final FakeProgram program = new FakeProgram();

  @BeforeEach
  void reboots() throws IOException {
    program.stepName = "node-reboot";
    var file = Files.writeString(directory.resolve("done.sh"), "#!/bin/sh\n");
    assertThat(file.toFile().setExecutable(true)).isTrue();
  }

  private int typed;

  private Session type(String rotation, String... options) {
    var file = "x".repeat(++typed) + ".yml";
    var _ =
        FakeProgram.write(
            directory.resolve(file),
            """
            cluster:
              name: home
              distribution: k3s
              version: v1.36.4+k3s1
            %s
            hosts:
              w1: { address: 192.0.2.1, roles: [control-plane] }
              w2: { address: 192.0.2.2, roles: [worker] }
            """
                .formatted(rotation.indent(2)));
    var line = new ArrayList<>(List.of("rotate", file));
    line.addAll(List.of(options));
    return Session.type(program, directory, line.toArray(String[]::new));
  }

  @Test
  void theyAreReadAsTheyAreWritten() {
    var typed = type(ALL, "--now", "--older-than", "30d");
    assertThat(typed.exit()).as(typed.err()).isZero();
    var prom = URI.create("http://prom.home");
    assertThat(Rotation.of(program.requests.getFirst().inventory()).own())
        .isEqualTo(
            new OwnSteps(
                List.of(
                    new OwnCheck(
                        "shop answers",
                        new OwnCheck.Web(
                            URI.create("https://shop.home/healthz?full=1"), Optional.of(204)),
                        Duration.ofSeconds(20)),
                    new OwnCheck(
                        "door",
                        new OwnCheck.Web(URI.create("http://192.0.2.7:8080"), Optional.empty()),
                        Duration.ofSeconds(10)),
                    new OwnCheck(
                        "backup done",
                        new OwnCheck.Program(List.of("./done.sh", "on", "a b")),
                        Duration.ofSeconds(30)),
                    new OwnCheck(
                        "errors",
                        new OwnCheck.Metric(
                            URI.create("http://prom.home:9090/p"),
                            "sum(rate(e[5m]))",
                            new Wanted.Below(0.01)),
                        Duration.ofSeconds(10)),
                    new OwnCheck(
                        "nodes",
                        new OwnCheck.Metric(prom, "count(up == 1)", new Wanted.Above(2)),
                        Duration.ofSeconds(10)),
                    new OwnCheck(
                        "alerts",
                        new OwnCheck.Metric(
                            prom, "ALERTS{alertstate=\"firing\"}", new Wanted.Nothing()),
                        Duration.ofSeconds(10))),
                List.of(
                    new Hook(
                        "./done.sh pause",
                        List.of("./done.sh", "pause"),
                        Hook.Place.HERE,
                        Duration.ofSeconds(90)),
                    new Hook(
                        "quiet",
                        List.of("/opt/quiet", "--long"),
                        Hook.Place.HOST,
                        Duration.ofMinutes(5))),
                List.of(
                    new Hook(
                        "./done.sh",
                        List.of("./done.sh"),
                        Hook.Place.HERE,
                        Duration.ofMinutes(5)))));
  }

  @Test
  void aDryRunNamesThem() {
    var typed = type(ALL, "--dry-run");
    assertThat(typed.exit()).as(typed.err()).isZero();
    assertThat(typed.out())
        .containsSubsequence(
            "check 'shop answers'",
            "GET https://shop.home/healthz?full=1, status 204",
            "20 s",
            "check 'door'",
            "status 200 to 299",
            "check 'backup done'",
            "here: ./done.sh on a b",
            "check 'errors'",
            "sum(rate(e[5m])) below 0.01",
            "above 2.0",
            "gives no series",
            "before its drain",
            "hook './done.sh pause'",
            "90 s",
            "hook 'quiet'",
            "on it, as root: /opt/quiet --long",
            "once it is given back");
    assertThat(type("", "--dry-run").out()).doesNotContain("hook", "check");
    assertThat(type(ALL).out()).as("a run says what it does as it does it").doesNotContain("hook");
  }

  /** It would be that somebody else's program. */
  @Test
  void noProgramIsRunWhereSomebodyElseCouldHaveWrittenTheInventory() {
    program.distrust = Optional.of("its group may write it. chmod g-w home.yml");
    for (var option : List.of("--dry-run", "--now")) {
      var typed = type(ALL, option);
      assertThat(typed.exit()).isEqualTo(2);
      assertThat(typed.err())
          .contains("the hook './done.sh pause' could not be run: its group may write it");
    }
    assertThat(program.requests).isEmpty();
    var harmless = "rotation: { hooks: { before_drain: [ { command: [/opt/x], on: host } ] } }";
    assertThat(type(harmless, "--dry-run").exit()).isZero();
  }

  /** A timer tries itself out by a dry run, with its own environment. */
  @Test
  void aProgramThatIsNotHereIsRefusedBeforeAnythingIsAsked() throws IOException {
    var rotation =
        """
        rotation:
          checks: [ { name: gone, command: [./gone.sh] } ]
          hooks:
            before_drain: [ { command: [no-such-program-here] }, { command: [/opt/x], on: host } ]
            after_return: [ { command: [./plain.txt] }, { command: [./done.sh] } ]
        """;
    Files.writeString(directory.resolve("plain.txt"), "x");
    for (var option : List.of("--dry-run", "--now")) {
      var typed = type(rotation, option);
      assertThat(typed.exit()).isEqualTo(2);
      assertThat(typed.err())
          .contains("the check 'gone' could not be run:", "gone.sh is not there")
          .contains("the hook 'no-such-program-here' could not be run: there is no program")
          .contains("the hook './plain.txt' could not be run:", "chmod +x")
          .doesNotContain("/opt/x", "done.sh'");
    }
    assertThat(program.requests).isEmpty();
  }
}

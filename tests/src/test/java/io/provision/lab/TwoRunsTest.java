package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two who want the same hosts at once. */
class TwoRunsTest {
  private static final String SLOW =
      """
      - name: slow
        hosts: all
        steps:
          - command:
              run: [sh, -c, "echo ran >>/var/lib/ran; %s; touch /var/lib/slow"]
              creates: /var/lib/slow
          - file: { path: /etc/second, content: x }
      """;

  private static Lab lab;

  @BeforeAll
  static void start() {
    lab = Lab.of(2);
    lab.inventory("slow.yml", Map.of());
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  @BeforeEach
  void fresh() {
    Running.killAll();
    lab.nodes()
        .forEach(node -> node.sh("rm -f /var/lib/slow /var/lib/ran /var/lib/go /etc/second"));
  }

  @Test
  void oneWorksAndTheOtherChangesNothingAndSaysWhoAndSinceWhen() {
    slowUntilTold();
    var first = started();
    var second = lab.provision().json("apply", "inventory.yml").exits(6);
    assertThat(second.total("changed")).isZero();
    var stopped = second.summary().required("stopped");
    assertThat(stopped.path("why").asText()).isEqualTo("locked");
    assertThat(stopped.path("what").asText())
        .matches(
            "n[12] is locked by \\S+@\\S+, process %d, run \\S+, since \\S+"
                .formatted(first.pid()));
    goOn();
    assertThat(first.end().exits(0).total("changed")).isEqualTo(4);
    assertThat(ran(lab.node(1))).isEqualTo(1);
  }

  @Test
  void aPlanIsMadeWhileAnotherRunHoldsTheLocks() {
    slowUntilTold();
    var first = started();
    lab.provision().json("plan", "inventory.yml", "--detailed-exitcode").exits(3);
    goOn();
    first.end().exits(0);
  }

  @Test
  void whatAKilledRunHasLeftRunningIsWaitedForAndNotDoneTwice() {
    slowFor(6);
    var killed = started();
    killed.kill();
    var second = lab.provision().json("apply", "inventory.yml").exits(0);
    assertThat(second.events("waiting"))
        .anySatisfy(event -> {
          assertThat(event.path("what").asText()).isEqualTo("its lock");
          assertThat(event.path("holder").asText())
              .contains("process %d, run ".formatted(killed.pid()), "that run is gone");
        });
    for (var node : lab.nodes()) {
      assertThat(ran(node)).as(node.name()).isEqualTo(1);
      assertThat(node.succeeds("[ -e /etc/second ]")).isTrue();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"INT", "TERM"})
  void oneSignalEndsTheWaitForWhatAKilledRunHasLeftRunning(String signal) {
    slowFor(600);
    started().kill();
    var waiting = lab.provision().startJson("apply", "inventory.yml");
    waiting.await(event -> event.path("event").asText().equals("waiting"));
    waiting.signal(signal);
    var ended = waiting.end().exits(130);
    assertThat(ended.total("changed")).isZero();
    lab.nodes().forEach(node -> node.sh("pkill -x sleep"));
  }

  @Test
  void theLockOfARunThatHangsIsEndedByUnlock() {
    slowFor(600);
    var hanging = started();
    hanging.signal("STOP");
    lab.provision().json("apply", "inventory.yml").exits(6);
    var unlock = lab.provision().run("unlock", "inventory.yml", "--yes").exits(0);
    assertThat(unlock.text())
        .contains("n1: unlocked; it was locked by", "n2: unlocked; it was locked by");
    slowFor(0);
    lab.provision().json("apply", "inventory.yml").exits(0);
    hanging.kill();
    assertThat(lab.provision().run("unlock", "inventory.yml", "--yes").exits(0).text())
        .contains("n1: not locked", "n2: not locked");
  }

  private static void slowFor(int seconds) {
    lab.write("slow.yml", SLOW.formatted("sleep " + seconds));
  }

  private static void slowUntilTold() {
    lab.write("slow.yml", SLOW.formatted("until [ -e /var/lib/go ]; do sleep 0.2; done"));
  }

  private static void goOn() {
    lab.nodes().forEach(node -> node.sh("touch /var/lib/go"));
  }

  /** A run that is in its long step on both hosts. */
  private static Running started() {
    var run = lab.provision().startJson("apply", "inventory.yml");
    lab.nodes().forEach(node -> node.await("long step", "[ -e /var/lib/ran ]"));
    return run;
  }

  private static long ran(Node node) {
    return node.sh("cat /var/lib/ran").lines().count();
  }
}

package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The systemd of an operator's machine starts rotations of a cluster of the real k3s: by hand, in a
 * window that is shut, and by itself as a window begins; what a run said is in the journal.
 */
@Tag("long")
class RealTimerTest {
  private static final List<String> ROLES =
      List.of("control-plane", "worker", "worker", "the operator's machine");

  private static final String UNIT = "provision-rotate-suite";

  /** The timer has started its service. */
  private static final String TRIGGERED =
      "case $(systemctl show -P LastTriggerUSec %s.timer) in '' | n/a | 0) exit 1 ;; esac"
          .formatted(UNIT);

  /** What a run says of it, after the node's name. */
  private static final String REBOOTED = ": node-reboot: changed";

  @Test
  void systemdStartsItInEachWindow() {
    try (var lab = Lab.of(4)) {
      var cluster = RealCluster.ofK3s(lab);
      System.out.println("RealTimerTest: with " + cluster.called());
      var nodes = lab.nodes().subList(0, 3);
      nodes.forEach(cluster::letRun);
      cluster.inventory(cluster.newer(), ROLES, Set.of("n4"), Set.of());
      lab.provision().json("apply", "cluster.yml").exits(0);
      var inventory = Checkout.text(lab.file("cluster.yml"));
      var desk =
          OperatorsMachine.of(
              lab, lab.node(4), cluster.artifacts().resolve("k3s/" + cluster.newer()));

      itIsStartedByHandInAnOpenWindow(lab, desk, inventory);
      itLeavesNodesWhileTheWindowIsShut(lab, desk, inventory);
      itStartsByItselfAsAWindowBegins(lab, desk, inventory);
      cluster.hasNodes(lab.node(1), cluster.newer(), "n1", "n2", "n3");
      nodes.forEach(
          node -> assertThat(node.succeeds("[ -e /var/lib/provision/rotating ]")).isFalse());

      assertThat(desk.run("rotate cluster.yml --remove-timer"))
          .contains(UNIT + ".timer and its service are gone")
          .endsWith("exit 0\n");
      assertThat(desk.node().sh("systemctl list-timers --all")).doesNotContain(UNIT);
      assertThat(desk.node().sh("find /etc/systemd -name '%s*'".formatted(UNIT))).isEmpty();
      assertThat(desk.run("rotate cluster.yml --remove-timer"))
          .contains("there is no " + UNIT + ".timer here")
          .endsWith("exit 0\n");
    }
  }

  /** It began an hour ago, so that nothing starts it again meanwhile. */
  private static void itIsStartedByHandInAnOpenWindow(
      Lab lab, OperatorsMachine desk, String inventory) {
    var installed = install(desk, inventory, daily(-1, "12h"));
    assertThat(installed).contains("by hand: systemctl start " + UNIT);
    var timers = desk.node().sh("systemctl list-timers --no-pager " + UNIT + ".timer");
    System.out.println(timers);
    assertThat(timers).contains(UNIT + ".timer", UNIT + ".service");
    assertThat(unit(desk, "timer", "NextElapseUSecRealtime")).isNotEmpty();
    assertThat(unit(desk, "service", "ExecMainStartTimestampMonotonic")).isEqualTo("0");

    var boots = RealRotationTest.boots(lab.nodes());
    RealRotationTest.wantReboots(List.of(lab.node(2)));
    desk.node().sh("systemctl start " + UNIT);
    var journal = journal(desk, "@0");
    System.out.println(journal);
    assertThat(journal).contains("n2" + REBOOTED);
    assertThat(RealRotationTest.boots(lab.nodes()))
        .containsAll(List.of(boots.get(0), boots.get(2), boots.get(3)))
        .doesNotContain(boots.get(1));
  }

  /** The service has failed by that, and the timer waits for the next. */
  private static void itLeavesNodesWhileTheWindowIsShut(
      Lab lab, OperatorsMachine desk, String inventory) {
    install(desk, inventory, daily(6, "1h"));
    var boots = RealRotationTest.boots(lab.nodes());
    RealRotationTest.wantReboots(List.of(lab.node(3)));
    assertThat(desk.node().succeeds("systemctl start " + UNIT)).isFalse();
    assertThat(unit(desk, "service", "ExecMainStatus")).isEqualTo("7");
    assertThat(unit(desk, "timer", "ActiveState")).isEqualTo("active");
    assertThat(journal(desk, "@0")).contains("not rebooted, although they want it: n3");
    assertThat(RealRotationTest.boots(lab.nodes())).isEqualTo(boots);
    assertThat(desk.node().succeeds(TRIGGERED)).as("a start by itself").isFalse();
  }

  /** One begins every three minutes, so that it does not matter how long anything takes. */
  private static void itStartsByItselfAsAWindowBegins(
      Lab lab, OperatorsMachine desk, String inventory) {
    var before = RealRotationTest.boots(lab.nodes());
    var since = desk.node().sh("date +@%s").strip();
    install(desk, inventory, "cron */3 * * * * for 6m UTC");
    awaitLong(desk.node(), "a start by itself", TRIGGERED);
    awaitLong(lab.node(3), "its reboot", "[ ! -e /run/reboot-required ]");
    awaitLong(
        desk.node(),
        "end of the rotation",
        "[ \"$(systemctl show -P ActiveState %s.service)\" = inactive ]".formatted(UNIT));
    var journal = journal(desk, since);
    System.out.println(journal);
    assertThat(unit(desk, "service", "Result")).isEqualTo("success");
    assertThat(journal).contains("n3" + REBOOTED);
    assertThat(RealRotationTest.boots(lab.nodes()))
        .containsAll(before.subList(0, 2))
        .doesNotContain(before.get(2));
  }

  /** Half an hour at least. */
  private static void awaitLong(Node node, String what, String script) {
    for (var times = 0; times < 15 && !node.answers(script); times++) {
      try {
        node.await(what, script);
      } catch (AssertionError e) {
        System.out.println(e.getMessage());
      }
    }
    assertThat(node.succeeds(script)).as(what).isTrue();
  }

  private static String install(OperatorsMachine desk, String inventory, String window) {
    desk.write(
        "cluster.yml",
        inventory.replace(
            "artifacts:", "  rotation: { windows: [ %s ] }\nartifacts:".formatted(window)));
    var said = desk.run("rotate cluster.yml --install-timer");
    System.out.println(said);
    assertThat(said)
        .contains(UNIT + ".timer is installed in /etc/systemd/system")
        .endsWith("exit 0\n");
    assertThat(desk.node().sh("systemctl is-enabled %s.timer".formatted(UNIT)).strip())
        .isEqualTo("enabled");
    return said;
  }

  /** A window that begins each day so many hours from now. */
  private static String daily(int hours, String length) {
    var begin = ZonedDateTime.now(ZoneOffset.UTC).plusHours(hours);
    return "cron %d %d * * * for %s UTC".formatted(begin.getMinute(), begin.getHour(), length);
  }

  private static String unit(OperatorsMachine desk, String kind, String property) {
    return desk.node().sh("systemctl show -P %s %s.%s".formatted(property, UNIT, kind)).strip();
  }

  private static String journal(OperatorsMachine desk, String since) {
    return desk.node().sh("journalctl --no-pager -o cat --since=%s -u %s".formatted(since, UNIT));
  }
}

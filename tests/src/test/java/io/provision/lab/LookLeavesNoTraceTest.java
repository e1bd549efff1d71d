package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A plan starts nothing on a host and leaves nothing there, beyond what a login leaves: its files,
 * units and processes are the same before and after it.
 */
@Tag("hosts")
class LookLeavesNoTraceTest {
  /**
   * One fact a line, its name first; once the logins are over and the journal has what they said:
   * it writes when it pleases, so that a login's lines would else be found in some later plan's.
   */
  private static final String FACTS =
      """
      while pgrep -f '^sshd[a-z-]*: admin' >/dev/null; do sleep 0.2; done
      journalctl --sync
      find /etc /home /opt /root /run /srv /tmp /usr/local /var -printf 'file:%p\\t%y %m %u %s %T@\\n'
      systemctl list-units --all --plain --no-legend --no-pager |
        awk '$3 != "inactive" { print "unit:" $1 "\\t" $2, $3, $4 }'
      for process in /proc/[0-9]*; do
        [ "$process" = "/proc/$$" ] || printf 'process:%s\\t\\n' "$(tr '\\0' ' ' <$process/cmdline)"
      done
      """;

  private static Lab lab;

  /** What a login and sudo touch: whatever differs after the smallest plan there is. */
  private static Set<String> leftByALogin;

  @BeforeAll
  static void start() {
    lab = Lab.of(1);
    lab.write("least.yml", "- name: least\n  hosts: all\n  steps: [host-facts]\n");
    plan("least.yml");
    leftByALogin = Set.of();
    leftByALogin = touchedByPlan("least.yml");
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  @Test
  void aLookAtABareHostAndAtAFinishedOneLeavesNothing() {
    var playbook = Job.in(lab);
    assertThat(touchedByPlan(playbook)).isEmpty();
    lab.provision().json("apply", "inventory.yml").exits(0);
    assertThat(touchedByPlan(playbook)).isEmpty();
  }

  @Test
  void whatStartsAServiceOrWritesAFileIsFoundOut() {
    lab.write(
        "traces.yml",
        """
        - name: guards that leave traces
          hosts: all
          steps:
            - command: { run: ["true"], unless: [timedatectl] }
            - command: { run: ["true"], unless: [touch, /var/written] }
        """);
    assertThat(touchedByPlan("traces.yml"))
        .contains("unit:systemd-timedated.service", "file:/var/written");
  }

  private static Set<String> touchedByPlan(String playbook) {
    // started by a question on the bus, each goes on for half a minute
    lab.node(1).sh("systemctl stop systemd-timedated systemd-hostnamed systemd-localed || :");
    var before = facts();
    plan(playbook);
    var after = facts();
    var touched = new TreeSet<String>();
    for (var fact : before) {
      if (!after.contains(fact)) {
        touched.add(name(fact));
      }
    }
    for (var fact : after) {
      if (!before.contains(fact)) {
        touched.add(name(fact));
      }
    }
    touched.removeAll(leftByALogin);
    return touched;
  }

  private static void plan(String playbook) {
    lab.inventory(playbook, Map.of());
    lab.provision().json("plan", "inventory.yml").exits(0);
  }

  private static Set<String> facts() {
    return lab.node(1).sh(FACTS).lines().collect(Collectors.toCollection(TreeSet::new));
  }

  private static String name(String fact) {
    return fact.substring(0, fact.indexOf('\t'));
  }
}

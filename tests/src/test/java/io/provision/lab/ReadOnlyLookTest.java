package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A look answers the same where nothing can be written: through a second sshd, on port 2222, for
 * which every mount is read-only.
 */
@Tag("hosts")
class ReadOnlyLookTest {
  private static final String UNWRITABLE =
      """
      unshare --mount --propagation private sh -c '
        awk "{ print \\$5 }" /proc/self/mountinfo | grep -vE "^/(proc|dev)(/|$)" | sort -u |
          while read -r mount; do mount -o remount,bind,ro "$mount"; done
        exec /usr/sbin/sshd -D -p 2222 -o PidFile=none' >/dev/null 2>&1
      """;

  private static Lab lab;

  @BeforeAll
  static void start() {
    lab = Lab.of(1);
    lab.node(1).background(UNWRITABLE);
    lab.node(1).await("second sshd", "grep -q ':08AE ' /proc/net/tcp");
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  @Test
  void aLookAtABareHostAnswersTheSame() {
    var playbook = Job.in(lab);
    assertThat(plan(playbook, 2222)).isEqualTo(plan(playbook, 22)).hasSizeGreaterThan(15);
  }

  @Test
  void aLookAtAFinishedHostAnswersTheSame() {
    var playbook = Job.in(lab);
    lab.inventory(playbook, Map.of());
    lab.provision().json("apply", "inventory.yml").exits(0);
    assertThat(plan(playbook, 2222)).isEqualTo(plan(playbook, 22)).hasSizeGreaterThan(15);
  }

  @Test
  void aLookThatWritesIsFoundOut() {
    lab.write(
        "writes.yml",
        """
        - name: a guard that writes
          hosts: all
          steps:
            - command: { run: ["true"], unless: [touch, /var/lib/written] }
        """);
    assertThat(plan("writes.yml", 2222)).isNotEqualTo(plan("writes.yml", 22));
  }

  private static java.util.List<String> plan(String playbook, int port) {
    lab.inventory(playbook, Map.of("n1", "port: " + port));
    return lab.provision().json("plan", "inventory.yml").exits(0).verdicts();
  }
}

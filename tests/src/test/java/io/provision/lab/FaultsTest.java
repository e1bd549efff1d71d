package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Six hosts, of which n4 is down, n5 has a full disk and n6 another sudo password. */
class FaultsTest {
  private static final String PLAYBOOK =
      """
      - name: something of everything
        hosts: all
        steps:
          - host-facts
          - node-address
          - hosts-file
          - directory: { path: /srv/small, mode: "0755" }
          - file: { path: /srv/small/large.txt, source: large.txt }
          - file: { path: /etc/after, content: after }
      """;

  /** A host's names for its peers are the one thing for which the others are looked at. */
  private static final String NO_PEERS = "--skip=hosts-file,node-address";

  private static final int STEPS_THAT_CHANGE = 4;
  private static final String ASKS = "user: sudoer, become: { password: \"${env:SUDO_PASSWORD}\" }";

  private static Lab lab;

  @BeforeAll
  static void start() {
    lab = Lab.of(6);
    lab.write("playbook.yml", PLAYBOOK);
    lab.write("large.txt", "0123456789abcde\n".repeat(16 << 10));
    lab.inventory("playbook.yml", Map.of("n6", ASKS));
    lab.node(4)
        .container()
        .getDockerClient()
        .stopContainerCmd(lab.node(4).container().getContainerId())
        .withTimeout(2)
        .exec();
    lab.node(5).sh("mkdir -p /srv/small && mount -t tmpfs -o size=64k,mode=755 tmpfs /srv/small");
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  @Test
  void theOtherHostsAreFinishedAndEachFaultIsReported() {
    var apply = apply("not the password").exits(1);
    for (var number : List.of(1, 2, 3)) {
      assertThat(apply.total("n" + number, "changed")).as("%s", apply).isEqualTo(STEPS_THAT_CHANGE);
      assertThat(lab.node(number).sh("cat /etc/after; wc -c </srv/small/large.txt"))
          .isEqualTo("after262144\n");
    }
    assertThat(targets(apply))
        .isEqualTo(Map.of("n4", "unreachable", "n5", "failed", "n6", "failed"));
    assertThat(lab.node(5).succeeds("[ -e /etc/after ]")).isFalse();
    assertThat(lab.node(5).sh("ls -A /srv/small")).as("nothing half written is left").isEmpty();
  }

  @Test
  void aHostThatIsDownAloneExitsFour() {
    assertThat(failure(alone("n4").exits(4), "n4"))
        .matches(".*(cannot be reached|no route|timed out|unreachable|did not answer).*");
  }

  @Test
  void aFullDiskAloneExitsOne() {
    assertThat(failure(alone("n5").exits(1), "n5")).contains("No space left on device");
  }

  @Test
  void aWrongSudoPasswordAloneExitsOneAndIsTriedOnce() {
    assertThat(failure(alone("n6").exits(1), "n6")).contains("sudo did not take the password");
  }

  @Test
  void withTheRightPasswordTheHostIsFinished() {
    apply("p w\"d$ü", "--limit=n6", NO_PEERS).exits(0);
    lab.node(6).sh("rm -rf /srv/small /etc/after");
  }

  private static Result alone(String host) {
    return apply("not the password", "--limit=" + host, NO_PEERS);
  }

  private static Result apply(String password, String... options) {
    var arguments = Stream.concat(Stream.of("apply", "inventory.yml"), Stream.of(options));
    return lab.provision().with("SUDO_PASSWORD", password).json(arguments.toArray(String[]::new));
  }

  /** All that is said of what went wrong on a host. */
  private static String failure(Result apply, String target) {
    return apply.out().stream()
        .map(Result::json)
        .filter(event -> event.path("target").asText().equals(target) && event.has("what"))
        .filter(event -> !event.path("event").asText().equals("waiting"))
        .map(event -> event.path("what").asText() + " " + event.path("lines"))
        .collect(Collectors.joining("\n"));
  }

  private static Map<String, String> targets(Result apply) {
    var troubled = new HashMap<String, String>();
    var names = new TreeSet<>(Set.of("n1", "n2", "n3", "n4", "n5", "n6"));
    for (var name : names) {
      for (var outcome : List.of("failed", "unreachable")) {
        if (apply.total(name, outcome) > 0) {
          troubled.put(name, outcome);
        }
      }
    }
    return troubled;
  }
}

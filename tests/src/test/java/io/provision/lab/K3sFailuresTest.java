package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;

/**
 * A cluster of which one k3s cannot run any more: an apply ends when that is sure, not when its
 * patience is over, and says what k3s said. Each fault is taken back by the test that makes it.
 */
@Tag("long")
@TestMethodOrder(MethodOrderer.MethodName.class)
class K3sFailuresTest {
  /** As of another cluster: its authority has another digest. */
  private static final String STRANGER =
      "K10" + "0123456789abcdef".repeat(4) + "::node:0123456789abcdef";

  private static final String DROP_IN = "/etc/systemd/system/%s.service.d/fault.conf";

  private static Lab lab;
  private static K3s k3s;

  @BeforeAll
  static void start() {
    lab = Lab.of(2);
    k3s = K3s.forLab(lab);
    System.out.println("K3sFailuresTest: with " + k3s.called());
    inventory("");
    lab.provision().json("apply", "cluster.yml").exits(0);
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  /** Its Node object and the certificate of its kubelet are there from before. */
  @Test
  void anAgentThatWasANodeAndHasATokenOfAnotherClusterIsNotDone() {
    var kept = lab.node(2).sh("cat /etc/rancher/k3s/agent-token");
    for (var token : new String[] {STRANGER, "not-the-token"}) {
      lab.node(2).sh("printf %s '" + token + "' >/etc/rancher/k3s/agent-token");
      var apply = apply("--skip=k3s-token");
      endedFor(apply, "n2", "k3s-agent", "its token is not that of this cluster");
      assertThat(apply.text()).doesNotContain(token);
    }
    assertThat(lab.node(1).sh("k3s kubectl get nodes")).as("it is still there").contains("n2");
    lab.node(2).sh("printf %s '" + kept + "' >/etc/rancher/k3s/agent-token");
    lab.provision().json("apply", "cluster.yml").exits(0);
  }

  @Test
  void anOptionThatItsKubeletDoesNotKnow() {
    inventory("kubelet-arg: [no-such-flag=1]");
    var apply = apply();
    endedFor(apply, "n1", "node-registered", "unknown flag: --no-such-flag");
    assertThat(apply.text()).contains("does not know a setting of the inventory");
    inventory("");
    lab.provision().json("apply", "cluster.yml").exits(0);
  }

  @Test
  void aPortThatIsInUse() {
    lab.node(1).sh("systemctl stop k3s");
    lab.node(1)
        .sh(
            "systemd-run --unit=squatter perl -MIO::Socket::INET -e 'my $s ="
                + " IO::Socket::INET->new(LocalPort => 6443, Listen => 1, ReuseAddr => 1) or die;"
                + " sleep 1000'; sleep 1");
    endedFor(
        apply("--skip=node-preflight,stopped-servers"),
        "n1",
        "k3s-server",
        "listen tcp :6443: bind: address already in use");
    lab.node(1).sh("systemctl stop squatter");
    lab.provision().json("apply", "cluster.yml").exits(0);
  }

  @Test
  void aDiskThatIsFull() {
    for (var faulty : new String[] {"n1 k3s-server k3s server", "n2 k3s-agent k3s-agent agent"}) {
      var words = faulty.split(" ");
      var node = lab.node(words[0].equals("n1") ? 1 : 2);
      var place = "/var/lib/rancher/k3s/" + words[3];
      node.sh(
          "systemctl stop %1$s; cp -a %2$s /root/kept; mount -t tmpfs -o size=256k tmpfs %2$s;"
                  .formatted(words[2], place)
              + " cp -a /root/kept/. %s/; head -c 1000000 /dev/zero >%<s/full || :"
                  .formatted(place));
      var apply = apply("--skip=node-preflight,stopped-servers");
      endedFor(apply, words[0], words[1], "no space left on device");
      assertThat(apply.text()).contains("df -h");
      node.sh("systemctl stop %1$s".formatted(words[2]));
      unmounted(node, place);
      node.sh("rm -rf /root/kept");
      lab.provision().json("apply", "cluster.yml").exits(0);
    }
  }

  /** Its API answers all the while: only its own node never comes. */
  @Test
  void containersWithoutAFileSystemOnAServer() {
    var place = "/var/lib/rancher/k3s/agent";
    lab.node(1)
        .sh(
            "systemctl stop k3s; mkdir -p /root/on-overlay; cp -a %1$s/. /root/on-overlay/; mount --bind /root/on-overlay %1$s"
                .formatted(place));
    var apply = apply();
    endedFor(apply, "n1", "node-registered", "snapshotter cannot be enabled");
    assertThat(apply.text()).contains("snapshotter: native");
    lab.node(1).sh("systemctl stop k3s");
    unmounted(lab.node(1), place);
    lab.provision().json("apply", "cluster.yml").exits(0);
  }

  /** Hardly ever seen between two runs, and given up by systemd in the end. */
  @Test
  void aUnitThatIsStartedAgainWithinAMoment() {
    for (var limit : new String[] {"5", "0"}) {
      drop(
          1,
          "k3s",
          "[Unit]\\nStartLimitIntervalSec=%s\\n[Service]\\nRestartSec=100ms\\nExecStartPre=\\nExecStart=\\nExecStart=/bin/sh -c \"sleep 1; echo Error: it is full moon >&2; exit 3\"\\n"
              .formatted(limit));
      endedFor(apply("--skip=stopped-servers"), "n1", "k3s-server", "it is full moon");
    }
    lab.node(1)
        .sh("rm " + DROP_IN.formatted("k3s") + "; systemctl daemon-reload; systemctl stop k3s");
    lab.provision().json("apply", "cluster.yml").exits(0);
  }

  @Test
  void aUnitThatNeverSaysThatItIsUp() {
    drop(
        1,
        "k3s",
        "[Service]\\nTimeoutStartSec=2\\nRestartSec=100ms\\nExecStart=\\nExecStart=/bin/sh -c \"echo Error: no reason; exec sleep 1000\"\\n");
    endedFor(apply("--skip=stopped-servers"), "n1", "k3s-server", "it never said that it is up");
    lab.node(1)
        .sh("rm " + DROP_IN.formatted("k3s") + "; systemctl daemon-reload; systemctl stop k3s");
    lab.provision().json("apply", "cluster.yml").exits(0);
  }

  /** Its unit kills its main process alone, so that what that began holds files a moment longer. */
  private static void unmounted(Node node, String place) {
    node.sh(
        "for turn in $(seq 100); do umount %1$s && exit; sleep 0.1; done; fuser -vm %1$s; exit 1"
            .formatted(place));
  }

  private static void drop(int node, String unit, String text) {
    lab.node(node)
        .sh(
            "mkdir -p /etc/systemd/system/%1$s.service.d; printf '%2$s' >/etc/systemd/system/%1$s.service.d/fault.conf; systemctl daemon-reload; systemctl stop %1$s; systemctl reset-failed %1$s || :"
                .formatted(unit, text));
  }

  private static Result apply(String... more) {
    var words = new java.util.ArrayList<>(java.util.List.of("apply", "cluster.yml"));
    words.addAll(java.util.List.of(more));
    return lab.provision().json(words.toArray(String[]::new)).exits(1);
  }

  /** By its own word, and not since time was up. */
  private static void endedFor(Result apply, String host, String step, String reason) {
    assertThat(
            apply.events("step_finished").stream()
                .filter(event -> event.path("result").asText().equals("failed"))
                .map(event -> event.path("target").asText() + " " + event.path("step").asText()))
        .as("%s", apply)
        .contains(host + " " + step);
    assertThat(apply.text()).contains(reason).doesNotContain("timed out after");
  }

  private static void inventory(String options) {
    var hosts =
        "  n1: { address: %s, roles: [control-plane]%s }%n  n2: { address: %s, roles: [worker] }%n"
            .formatted(
                lab.node(1).address(),
                options.isEmpty() ? "" : ", k3s: { " + options + " }",
                lab.node(2).address());
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts)
            .replace("{endpoint}", lab.node(1).address()));
  }
}

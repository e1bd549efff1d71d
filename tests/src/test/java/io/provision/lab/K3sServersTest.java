package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Servers that look after one another: what is wrong with one is no reason to wait for others. */
@Tag("long")
class K3sServersTest {

  /** Its API answers all the while: the first server would wait five minutes for that node. */
  @Test
  void aServerWhoseOwnNodeNeverComesIsNotWaitedForByTheOthers() {
    try (var lab = Lab.of(3)) {
      var k3s = K3s.forLab(lab);
      System.out.println("K3sServersTest: with " + k3s.called());
      var hosts = new StringBuilder();
      for (var number : List.of(1, 2, 3)) {
        hosts.append(
            "  n%d: { address: %s, roles: [control-plane] }%n"
                .formatted(number, lab.node(number).address()));
      }
      lab.write(
          "cluster.yml",
          lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts.toString())
              .replace("{endpoint}", lab.node(1).address()));
      lab.provision().json("apply", "cluster.yml").exits(0);
      var place = "/var/lib/rancher/k3s/agent";
      lab.node(2)
          .sh(
              "systemctl stop k3s; mkdir -p /root/on-overlay; cp -a %1$s/. /root/on-overlay/; mount --bind /root/on-overlay %1$s"
                  .formatted(place));
      lab.node(1).sh("k3s kubectl delete node n2");

      var apply = lab.provision().json("apply", "cluster.yml").exits(1);

      assertThat(apply.text())
          .contains("snapshotter cannot be enabled")
          .doesNotContain("timed out after");
      assertThat(ended(apply, "failed", "node-registered")).as("%s", apply).containsExactly("n2");
      assertThat(ended(apply, "ok", "nodes-ready")).as("%s", apply).containsExactly("n1");
    }
  }

  private static List<String> ended(Result apply, String how, String step) {
    return apply.events("step_finished").stream()
        .filter(event -> event.path("step").asText().equals(step))
        .filter(event -> event.path("result").asText().equals(how))
        .map(event -> event.path("target").asText())
        .toList();
  }
}

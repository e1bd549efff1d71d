package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A host leaves that is a node of k3s, by a strict stand-in for it, and has a brick of GlusterFS:
 * one host speaks for the pool, and another for the cluster.
 */
@Tag("long")
class GlusterNodeRemovalTest {
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");
  private static final String[] REMOVE = {
    "apply", "cluster.yml", "--force-remove", "--remove", "n4"
  };

  @Test
  void aNodeIsDrainedOnceItsBrickHasLeftAndNotBefore() {
    try (var lab = Lab.of(5)) {
      var k3s = K3s.standIn(lab, "v1.36.4+k3s1");
      inventory(lab, k3s, Map.of(), 4);
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.node(4).sh("echo kept >%s/kept".formatted(SharedVolume.MOUNT));
      try (var nodes = new StandInNodes(GATEWAY, lab.nodes().subList(0, 4))) {
        whatCannotBeDoneWithoutStays(lab, k3s, nodes);
        anotherHostTakesItsBrickOverFirst(lab, k3s, nodes);
      }
    }
  }

  /** Of three copies one would be missing. */
  private static void whatCannotBeDoneWithoutStays(Lab lab, K3s k3s, StandInNodes nodes) {
    inventory(lab, k3s, Map.of("n4", ", leaving: true"), 4);
    assertThat(lab.provision().json(REMOVE).exits(2).text())
        .contains("replica 3 needs as many hosts with role storage, and there are 2");
    assertThat(nodes.evicted()).isEmpty();
    assertThat(lab.node(4).sh("systemctl is-enabled k3s-agent; systemctl is-active k3s-agent"))
        .isEqualTo("enabled\nactive\n");
    assertThat(names(lab)).contains("n4");
  }

  private static void anotherHostTakesItsBrickOverFirst(Lab lab, K3s k3s, StandInNodes nodes) {
    inventory(lab, k3s, Map.of("n4", ", leaving: true"), 5);
    lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(lab.node(4).sh("cat %s/kept".formatted(SharedVolume.MOUNT)))
        .as("it uses the volume for as long as it is there")
        .isEqualTo("kept\n");
    var plan = lab.provision().json("plan", "cluster.yml", "--remove", "n4").exits(0);
    assertThat(plan.text()).contains("after its bricks have left");

    var done = lab.provision().json(REMOVE).exits(0);
    assertThat(at(done, "step_started", "node-departures", "n1"))
        .isAfter(at(done, "step_finished", "gluster-departures", "n2"));
    assertThat(nodes.evicted()).containsExactly("n4");
    assertThat(names(lab)).containsExactly("n1", "n2", "n3", "n5");
    assertThat(lab.node(2).sh("gluster volume info shared; gluster pool list"))
        .contains("n5:" + SharedVolume.BRICK)
        .doesNotContain("n4");
    assertThat(lab.node(5).sh("cat %s/kept".formatted(SharedVolume.BRICK))).isEqualTo("kept\n");
    assertThat(lab.node(4).succeeds("test -e /usr/local/bin/k3s")).isFalse();
  }

  private static List<String> names(Lab lab) {
    return lab.node(1).sh("k3s kubectl get nodes | cut -d ' ' -f 1 | sort").lines().toList();
  }

  /** The last time, where there are several. */
  private static Instant at(Result result, String event, String step, String target) {
    return result.events(event).stream()
        .filter(it -> it.path("step").asText().equals(step))
        .filter(it -> it.path("target").asText().equals(target))
        .map(it -> Instant.parse(it.path("at").asText()))
        .reduce((_, last) -> last)
        .orElseThrow();
  }

  /** The first is the server; the others have bricks. */
  private static void inventory(Lab lab, K3s k3s, Map<String, String> more, int count) {
    var hosts = new StringBuilder();
    for (var node : lab.nodes().subList(0, count)) {
      hosts.append(
          "  %s: { address: %s, roles: [%s]%s }%n"
              .formatted(
                  node.name(),
                  node.address(),
                  node == lab.node(1) ? "control-plane" : "worker, storage",
                  more.getOrDefault(node.name(), "")));
    }
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts.toString())
            .replace("{endpoint}", lab.node(1).address())
            .replace(
                "artifacts:",
                "  storage: { gluster: { volumes: [ %s ] } }\nartifacts:"
                    .formatted(SharedVolume.VOLUMES)));
  }
}

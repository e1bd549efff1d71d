package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Hosts leave a cluster of k3s, by a strict stand-in for it, and one comes back. */
@Tag("long")
class NodeRemovalTest {
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");
  private static final String STORE = "/var/lib/rancher/k3s/server/db/etcd";
  private static final String IN_THE_WAY = "/var/lib/kubelet/data";
  private static final String[] REMOVE = {"apply", "cluster.yml", "--force-remove", "--remove"};

  private final Lab lab;
  private final K3s k3s;

  NodeRemovalTest() {
    lab = Lab.of(4);
    k3s = K3s.standIn(lab, "v1.36.4+k3s1");
  }

  /** The first three are servers: the first of them begins, and the second stays all the while. */
  @Test
  void serversAndAgentsLeaveAndOneComesBack() {
    try (lab) {
      inventory(List.of("n1", "n2", "n3", "n4"));
      lab.provision().json("apply", "cluster.yml").exits(0);
      var shown = List.of(lab.node(2), lab.node(1), lab.node(3), lab.node(4));
      try (var nodes = new StandInNodes(GATEWAY, shown)) {
        theServerThatBeganLeavesHoweverOftenItsRunIsKilled(nodes);
        itComesBack();
        aSnapshotIsCopiedHereWithWhatItIsUselessWithout();
        anAgentLeavesOnceNothingIsLostWithIt(nodes);
        onlyADeadOneLeavesThatTheInventoryDoesNotName(nodes);
        assertThat(nodes.refused()).isEmpty();
      }
    }
  }

  private void theServerThatBeganLeavesHoweverOftenItsRunIsKilled(StandInNodes nodes) {
    inventory(List.of("n1", "n2", "n3", "n4"), "n1");
    var plan = lab.provision().json("plan", "cluster.yml").exits(0);
    assertThat(plan.total("leaving")).as("%s", plan).isPositive();
    var reported = lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(reported.total("leaving")).as("%s", reported).isPositive();
    assertThat(members(2)).containsExactlyInAnyOrder("n1", "n2", "n3");

    var runs = new KilledRuns(lab, 2, 9000, remove("n1"));
    runs.untilItIsGone("n1");
    System.out.printf("NodeRemovalTest: runs killed in %s%n", runs.tried());
    assertThat(runs.tried()).containsKeys("n1 node-leaves", "n2 node-departures", "n1 node-wiped");
    assertThat(nodes.evicted()).containsExactly("n1");
    assertThat(lab.node(2).sh("ls /var/lib/provision/etcd")).contains("before-n1-leaves-");
    theClusterHas("n2", "n3", "n4");
    assertThat(lab.node(4).sh("cat /etc/rancher/k3s/config.yaml"))
        .contains("server: https://" + lab.node(2).address());
    isWiped(1, "k3s");
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private void itComesBack() {
    K3s.letRun(lab.node(1)); // went with all else
    inventory(List.of("n1", "n2", "n3", "n4"));
    lab.provision().json("apply", "cluster.yml").exits(0);
    theClusterHas("n1", "n2", "n3", "n4");
    assertThat(lab.node(1).succeeds("systemctl is-active k3s && systemctl is-enabled k3s"))
        .isTrue();
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private void aSnapshotIsCopiedHereWithWhatItIsUselessWithout() {
    for (var time = 0; time < 3; time++) {
      var taken = lab.provision().run("etcd", "snapshot", "cluster.yml", "--keep", "2").exits(0);
      assertThat(taken.text())
          .doesNotContain(lab.node(1).sh("cat /var/lib/rancher/k3s/server/token").strip());
    }
    var folder = lab.file("etcd-snapshots");
    var copies = Commands.run("sh", "-c", "stat -c %a " + folder + " " + folder + "/*.tar");
    assertThat(copies.lines()).containsExactly("700", "600", "600");
    assertThat(Commands.run("sh", "-c", "tar -tf \"$(ls " + folder + "/*.tar | tail -n 1)\""))
        .contains("server/token", "server/tls/", "var/lib/provision/etcd/snapshot-");
    assertThat(lab.node(1).sh("ls /var/lib/provision/etcd | grep -c ^snapshot-").strip())
        .isEqualTo("2");
    assertThat(lab.node(1).sh("ls %s/../snapshots".formatted(STORE))).isEmpty();
    assertThat(lab.node(1).sh("stat -c %a /var/lib/provision/etcd /var/lib/provision/etcd/*"))
        .doesNotContain("644");
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private void anAgentLeavesOnceNothingIsLostWithIt(StandInNodes nodes) {
    for (var server : List.of(1, 2, 3)) {
      lab.node(server).sh("echo 'data shop/files n4' >%s/volumes".formatted(STORE));
    }
    inventory(List.of("n1", "n2", "n3", "n4"), "n4");
    var unnamed = lab.provision().json(remove("n4")).exits(1);
    assertThat(unnamed.text()).contains("pv/data");
    assertThat(names()).contains("n4");
    assertThat(nodes.evicted()).containsExactly("n1");

    lab.node(4)
        .sh(
            "mkdir -p /srv/data %1$s && mount --bind /srv/data %1$s && echo kept >%1$s/kept"
                .formatted(IN_THE_WAY));
    var mounted = lab.provision().json(remove("n4", "pv/data")).exits(1);
    assertThat(mounted.text()).contains(IN_THE_WAY);
    assertThat(lab.node(4).sh("cat %s/kept".formatted(IN_THE_WAY))).isEqualTo("kept\n");
    lab.node(4).sh("umount " + IN_THE_WAY);
    lab.provision().json(remove("n4", "pv/data")).exits(0);
    assertThat(lab.node(4).sh("cat /srv/data/kept")).isEqualTo("kept\n");
    assertThat(nodes.evicted()).containsExactly("n1", "n4");
    theClusterHas("n1", "n2", "n3");
    isWiped(4, "k3s-agent");
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private void onlyADeadOneLeavesThatTheInventoryDoesNotName(StandInNodes nodes) {
    inventory(List.of("n1", "n2"));
    var alive = lab.provision().json(remove("n3")).exits(1);
    assertThat(alive.text()).contains("it still runs", "'leaving: true'");
    theClusterHas("n1", "n2", "n3");

    lab.node(3).powerOff();
    lab.node(1).await("silence of n3", "k3s kubectl get nodes | grep -q '^n3 NotReady'");
    lab.provision().json(remove("n3")).exits(0);
    theClusterHas("n1", "n2");
    assertThat(nodes.deleted()).containsExactly("n1", "n4", "n3");
    lab.nothingIsLeftToDo(lab.nodes().subList(0, 2));
  }

  private static String[] remove(String... words) {
    var last = Stream.of(words).skip(1).flatMap(word -> Stream.of("--remove", word));
    return Stream.concat(Stream.of(REMOVE), Stream.concat(Stream.of(words[0]), last))
        .toArray(String[]::new);
  }

  /** As each server of these has it, and etcd on each. */
  private void theClusterHas(String... hosts) {
    assertThat(names()).containsExactly(hosts);
    var servers = Stream.of(hosts).filter(it -> !it.equals("n4")).toList();
    for (var server : servers) {
      assertThat(members(Integer.parseInt(server.substring(1))))
          .as(server)
          .containsExactlyInAnyOrderElementsOf(servers);
    }
  }

  private List<String> names() {
    return lab.node(2).sh("k3s kubectl get nodes | cut -d ' ' -f 1 | sort").lines().toList();
  }

  /** A member is called as its node, and a few digits. */
  private List<String> members(int server) {
    return lab.node(server)
        .sh("cut -d ' ' -f 2 %s/members".formatted(STORE))
        .lines()
        .map(name -> name.replaceFirst("-[0-9a-f]{8}$", ""))
        .toList();
  }

  private void isWiped(int number, String unit) {
    var node = lab.node(number);
    assertThat(
            node.sh(
                """
                ls -d /etc/rancher/k3s /var/lib/rancher/k3s/agent /var/lib/rancher/k3s/server \
                  /usr/local/bin/k3s /etc/systemd/system/%1$s.service \
                  /run/systemd/system/%1$s.service.d/* 2>/dev/null
                pgrep -a k3s
                systemctl is-active %1$s
                :
                """
                    .formatted(unit)))
        .as(node.name())
        .isEqualTo("inactive\n");
  }

  private void inventory(List<String> hosts, String... leaving) {
    var lines = new StringBuilder();
    for (var node : lab.nodes()) {
      if (hosts.contains(node.name())) {
        lines.append(
            "  %s: { address: %s, roles: [%s]%s }%n"
                .formatted(
                    node.name(),
                    node.address(),
                    node.name().equals("n4") ? "worker" : "control-plane",
                    List.of(leaving).contains(node.name()) ? ", leaving: true" : ""));
      }
    }
    var names = lab.nodes().stream().map(Node::address).toList();
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), lines.toString())
            .replaceFirst("(?m)^  endpoint: .*$", "  tls_sans: " + names));
  }
}

package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What a real k3s makes of a host whose role changes, of an agent that the cluster hears no more,
 * and of a Secret: the stand-in has no etcd to be a member of, no kubelet that renews its lease,
 * and nothing to encrypt.
 */
@Tag("long")
class K3sRolesTest {
  private static final String MEMBERS =
      "k3s kubectl get nodes -l node-role.kubernetes.io/etcd -o name";
  private static final String ENCRYPTION = "  encryption: { provider: secretbox }\n";
  private static final String DATASTORE = "/var/lib/rancher/k3s/server/db/etcd";
  private static final String READY = "k3s kubectl wait --for=condition=Ready node/%s --timeout=1s";

  @Test
  void anAgentIsAServerAndAnAgentAgainAndWhileItIsSilentItIsNotDone() {
    Assumptions.assumeTrue(K3s.isAtHand(), "no real k3s at hand");
    try (var lab = Lab.of(3)) {
      var k3s = K3s.forLab(lab);
      System.out.println("K3sRolesTest: with " + k3s.called());
      lab.nodes().forEach(K3s::letRun);
      inventory(lab, k3s, List.of("control-plane", "worker", "worker"));
      lab.provision().json("apply", "cluster.yml").exits(0);
      lab.nothingIsLeftToDo(lab.nodes());
      anAgentThatIsSilentIsWaitedFor(lab);
      var secrets = SecretsAtRest.made(lab.node(1), "k3s kubectl", DATASTORE);
      secrets.areEncryptedOn(lab.nodes().subList(0, 1));

      inventory(lab, k3s, List.of("control-plane", "control-plane", "control-plane"));
      lab.provision().json("apply", "cluster.yml").exits(0);
      assertThat(lab.node(1).sh(MEMBERS)).isEqualTo("node/n1\nnode/n2\nnode/n3\n");
      for (var node : lab.nodes()) {
        assertThat(node.succeeds("systemctl is-active k3s")).as(node.name()).isTrue();
        assertThat(node.succeeds("systemctl cat k3s-agent")).as(node.name()).isFalse();
        assertThat(node.succeeds("k3s kubectl get --raw /readyz")).as(node.name()).isTrue();
      }
      lab.nothingIsLeftToDo(lab.nodes());
      secrets.areEncryptedOn(lab.nodes());
      secrets.areNotInTheLogOf(lab.nodes());
      whatIsEncryptedStaysSo(lab);

      serversThatBecomeAgents(lab, k3s);
      lab.nothingIsLeftToDo(lab.nodes());
    }
  }

  private static void whatIsEncryptedStaysSo(Lab lab) {
    var text = Checkout.text(lab.file("cluster.yml"));
    lab.write("cluster.yml", text.replace(ENCRYPTION, ""));
    assertThat(lab.provision().run("plan", "cluster.yml").exits(1).text())
        .contains("no Secret of the cluster could be read")
        .contains("provider: identity");
    lab.write("cluster.yml", text);
  }

  /** As the refusal says; etcd loses a member with its node. */
  private static void serversThatBecomeAgents(Lab lab, K3s k3s) {
    inventory(lab, k3s, List.of("control-plane", "worker", "worker"));
    var refused = lab.provision().run("plan", "cluster.yml").exits(1);
    assertThat(refused.text())
        .contains("kubectl delete node n2", "kubectl delete node n3", "makes it an agent");
    for (var name : List.of("n3", "n2")) {
      lab.node(1)
          .sh("k3s kubectl drain %s --ignore-daemonsets --delete-emptydir-data".formatted(name));
      lab.node(1).sh("k3s kubectl delete node " + name);
      lab.node(Integer.parseInt(name.substring(1)))
          .sh("systemctl disable --now k3s && mv /var/lib/rancher/k3s/server /root/");
      lab.node(1).await("an API without " + name, "k3s kubectl get --raw /readyz");
    }
    lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(lab.node(1).sh(MEMBERS)).isEqualTo("node/n1\n");
    for (var name : List.of("n2", "n3")) {
      lab.node(1).await(name + " as a node", READY.formatted(name));
    }
    assertThat(lab.node(3).sh("ls /etc/rancher/k3s /etc/systemd/system"))
        .contains("k3s-agent.service")
        .doesNotContain("k3s.service", "server-token", "k3s.yaml");
  }

  /** Its unit runs, its Node object is there and was Ready. */
  private static void anAgentThatIsSilentIsWaitedFor(Lab lab) {
    var agent = lab.node(3);
    var process = "$(systemctl show -p MainPID --value k3s-agent)";
    agent.sh("kill -STOP " + process);
    try {
      lab.node(1).await("a node that is not ready", "! " + READY.formatted("n3"));
      assertThat(agent.succeeds("systemctl is-active k3s-agent")).isTrue();
      var plan = lab.provision().run("plan", "cluster.yml");
      assertThat(plan.text())
          .as("%s", plan)
          .containsPattern("unknown until: (its kubelet to report|an API server to answer)");
    } finally {
      agent.sh("kill -CONT " + process);
    }
    lab.node(1).await("n3 as it was", READY.formatted("n3"));
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static void inventory(Lab lab, K3s k3s, List<String> roles) {
    var hosts = new StringBuilder();
    for (var i = 0; i < roles.size(); i++) {
      hosts.append(
          "  n%d: { address: %s, roles: [%s] }%n"
              .formatted(i + 1, lab.node(i + 1).address(), roles.get(i)));
    }
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts.toString())
            .replaceFirst("(?m)^  endpoint: .*\n", ENCRYPTION + "  audit: { max_age: 3 }\n"));
  }
}

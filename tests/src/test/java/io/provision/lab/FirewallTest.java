package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A peer connects and a stranger does not, through ufw on one host and firewalld on another. */
class FirewallTest {
  private static final String LISTEN =
      """
      exec perl -MIO::Socket::INET -e '
        $s = IO::Socket::INET->new(Listen => 9, LocalPort => %d, ReuseAddr => 1) or die;
        while ($c = $s->accept) { close $c }'
      """;
  private static final String UFW =
      """
      ufw allow 22/tcp
      ufw allow 24007:24008/tcp comment provision
      ufw --force enable
      """;
  private static final String FIREWALLD =
      """
      systemctl start firewalld
      firewall-cmd --add-port=24007-24008/tcp
      firewall-cmd --permanent --add-port=24007-24008/tcp
      """;

  @Test
  void nodesReachEachOtherPeopleReachWhatIsNamedAndStrangersNothing() {
    try (var lab = Lab.of(4)) {
      install(lab.node(1), "ufw iptables");
      install(lab.node(2), "firewalld");
      lab.node(1).sh(UFW);
      lab.node(2).sh(FIREWALLD);
      for (var node : lab.nodes().subList(0, 2)) {
        listen(node, 24007);
        listen(node, 30080);
      }
      // as an earlier version left it
      assertThat(reaches(lab, 4, 1, 24007)).isTrue();
      assertThat(reaches(lab, 4, 2, 24007)).isTrue();
      inventory(lab);

      assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed"))
          .isEqualTo(2);

      assertThat(reaches(lab, 2, 1, 24007)).isTrue();
      assertThat(reaches(lab, 1, 2, 24007)).isTrue();
      for (var i = 1; i <= 2; i++) {
        assertThat(reaches(lab, 3, i, 30080)).as("a person, n%d", i).isTrue();
        assertThat(reaches(lab, 3, i, 24007)).as("a person, n%d", i).isFalse();
        assertThat(reaches(lab, 4, i, 30080)).as("a stranger, n%d", i).isFalse();
        assertThat(reaches(lab, 4, i, 24007)).as("a stranger, n%d", i).isFalse();
      }
      assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
      lab.node(2).sh("firewall-cmd --reload"); // what it has after a boot
      assertThat(reaches(lab, 1, 2, 24007)).isTrue();
      assertThat(reaches(lab, 4, 2, 24007)).isFalse();
    }
  }

  private static void install(Node node, String packages) {
    node.sh(
        "apt-get -q update && DEBIAN_FRONTEND=noninteractive"
            + " apt-get -q -y install --no-install-recommends "
            + packages);
  }

  private static void listen(Node node, int port) {
    node.background(LISTEN.formatted(port));
    node.await("listener on " + port, "grep -qi ':%04X ' /proc/net/tcp".formatted(port));
  }

  private static boolean reaches(Lab lab, int from, int to, int port) {
    return lab.node(from)
        .succeeds("timeout 5 bash -c '</dev/tcp/%s/%d'".formatted(lab.node(to).address(), port));
  }

  /** The third is where a person is, the fourth is nobody. */
  private static void inventory(Lab lab) {
    lab.write(
        "firewall.yml",
        "- name: firewall\n  hosts: all\n  steps: [host-facts, node-address, firewall]\n");
    var text =
        Checkout.resource("inventory.yml")
            .replace("{subnet}", Engine.SUBNET)
            .replace("{playbook}", "firewall.yml")
            .replace("{key}", Lab.KEY.toString())
            .replace("{lab}", lab.file("").toString());
    var hosts = new StringBuilder();
    for (var node : lab.nodes().subList(0, 2)) {
      hosts.append(
          "  %s: { address: %s, roles: [storage] }%n".formatted(node.name(), node.address()));
    }
    lab.write(
        "inventory.yml",
        "firewall: { from: [%s/32], ports: [30080] }%n".formatted(lab.node(3).address())
            + text
            + hosts);
  }
}

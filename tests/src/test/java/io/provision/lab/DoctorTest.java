package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What is wrong with hosts is told at once, nothing is invented, and nothing is left on them. */
@Tag("long")
class DoctorTest {
  private static final String PASSWORD = "canary-of-a-proxy";

  @Test
  void preparedFaultsAreFoundAndNothingElse() {
    try (var lab = Lab.of(3)) {
      var k3s = K3s.forLab(lab);
      inventory(lab, k3s);
      var bare = Witness.of(lab.nodes());
      var healthy = doctor(lab, 0, "--strict", "--junit", "doctor.xml");
      assertThat(bad(healthy)).as("%s", healthy).isEmpty();
      bare.forEach(Witness::stillHolds);
      assertThat(Checkout.text(lab.file("doctor.xml")))
          .contains("testsuite name=\"n2\"", "name=\"ports\"", "failures=\"0\"")
          .doesNotContain("<failure");

      prepare(lab);
      var ill = Witness.of(lab.nodes());
      var found = doctor(lab, 7, "--junit", "doctor.xml");
      ill.forEach(Witness::stillHolds);
      System.out.println(lab.provision().run("doctor", "cluster.yml").exits(7).text());
      tells(found, "35", "n3", "error", "are free on");
      tells(found, "41", "n2", "error", "has a clock that is 120 min ahead of this machine's");
      tells(found, "44", "n3", "note", "calls itself 'Box_1', which no node can be called");
      tells(found, "44", "n3", "note", "calls itself 'Box_1', as n2 does");
      tells(found, "45", "n3", "error", "has the same machine-id as n2");
      tells(found, "47", "n2", "note", "/etc/fstab has '/swap.img none swap sw 0 0'");
      tells(found, "49", "n2", "error", "cannot be reached on 8472/udp");
      tells(found, "49", "n3", "error", "cannot be reached on 10250/tcp");
      tells(found, "50", "n1", "warning", "does not get packets of 1500 bytes from n2, n3");
      tells(found, "50", "n1", "warning", "1450 bytes arrive");
      tells(found, "51", "n2", "error", "/etc/sysctl.d/99-zz-last.conf sets net.ipv4.ip_forward");
      tells(found, "52", "n3", "error", "it has cgroup v1");
      tells(found, "55", "n2", "error", "listens on TCP port 10250");
      tells(found, "58", "n3", "warning", "has a dpkg that was interrupted");
      tells(found, "63", "n2", "warning", "proxy.invalid:3128 by /etc/environment");
      tells(found, "63", "n2", "warning", lab.node(3).address());
      tells(found, "80", "n1", "warning", "to write 2300 bytes for good");
      assertThat(found.text()).doesNotContain(PASSWORD);
      assertThat(bad(found).stream().map(it -> it.path("target").asText()).distinct())
          .containsExactlyInAnyOrder("n1", "n2", "n3");
      assertThat(bad(found)).as("each of them once: %s", found).hasSize(13);
      assertThat(Checkout.text(lab.file("doctor.xml"))).contains("<failure", "120 min ahead");
      addressesThatAllHave(lab, k3s);
      whoIsGoneIsNamed(lab);
    }
  }

  @Test
  void aClusterThatIsWellHasNothing() {
    try (var lab = Lab.of(2)) {
      var k3s = K3s.forLab(lab);
      System.out.println("DoctorTest: with " + k3s.called());
      inventory(lab, k3s);
      lab.provision().json("apply", "cluster.yml").exits(0);
      var before = Witness.of(lab.nodes());
      var told = doctor(lab, 0, "--strict");
      assertThat(bad(told)).as("%s", told).isEmpty();
      assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isZero();
      assertThat(lab.node(1).sh("pgrep -fc '[p]rovision-2' || :").strip()).isEqualTo("0");
      assertThat(before).isNotEmpty();
    }
  }

  /**
   * A fault each, by its number in the catalogue of faults; who answers in its place is written.
   */
  private static void prepare(Lab lab) {
    lab.node(1)
        .sh(
            "iptables -I INPUT -p udp -m length --length 1451:65535 -j DROP;"
                // in the place of a slow disk: dd that takes its time
                + " printf '#!/bin/sh\\nsleep 2\\nexec /usr/bin/dd \"$@\"\\n' >/usr/local/sbin/dd;"
                + " chmod 755 /usr/local/sbin/dd");
    lab.node(2)
        .sh(
            "echo Box_1 >/proc/sys/kernel/hostname; iptables -I INPUT -p udp --dport 8472 -j DROP;"
                + " echo '/swap.img none swap sw 0 0' >>/etc/fstab;"
                + " echo net.ipv4.ip_forward=0 >/etc/sysctl.d/99-zz-last.conf;"
                + " echo HTTPS_PROXY=http://user:%s@proxy.invalid:3128 >>/etc/environment;"
                    .formatted(PASSWORD)
                // in the place of another clock: containers have that of the machine
                + " printf '#!/bin/sh\\nexec /usr/bin/date -d \"now + 2 hours\" \"$@\"\\n'"
                + " >/usr/local/sbin/date; chmod 755 /usr/local/sbin/date;"
                + " systemd-run --unit=squatter perl -MIO::Socket::INET -e 'my $s ="
                + " IO::Socket::INET->new(LocalPort => 10250, Listen => 50) or die; sleep 1000';"
                + " sleep 1");
    lab.node(3)
        .sh(
            "echo Box_1 >/proc/sys/kernel/hostname; echo %s >/etc/machine-id; mkdir -p /var/lib/rancher;"
                    .formatted(lab.node(2).sh("cat /etc/machine-id").strip())
                + " mount -t tmpfs -o size=64m tmpfs /var/lib/rancher;"
                + " iptables -I INPUT -p tcp --dport 10250 -j DROP;"
                + " mkdir -p /var/lib/dpkg/updates; : >/var/lib/dpkg/updates/0001;"
                // in the place of a kernel that was booted with cgroup v1
                + " printf '#!/bin/sh\\n[ \"$*\" != \"-L -f -c %%T /sys/fs/cgroup\" ] || exec echo"
                + " tmpfs\\nexec /usr/bin/stat \"$@\"\\n' >/usr/local/sbin/stat;"
                + " chmod 755 /usr/local/sbin/stat");
  }

  /** What Vagrant gives the first card of each of its machines, which are reached by other ways. */
  private static void addressesThatAllHave(Lab lab, K3s k3s) {
    lab.nodes().forEach(node -> node.sh("ip addr add 10.0.2.15/24 dev eth0"));
    var config = new StringBuilder();
    lab.nodes()
        .forEach(node ->
            config.append("Host %s%n  HostName %s%n".formatted(node.name(), node.address())));
    lab.write("ssh_config", config.toString());
    var text = Checkout.text(lab.file("cluster.yml"));
    lab.write(
        "cluster.yml",
        text.replaceAll("\\{ address: [0-9.]+, ", "{ ")
            .replace(Engine.SUBNET, "10.0.2.0/24")
            .replace("ssh:\n", "ssh:\n  config: \"%s\"%n".formatted(lab.file("ssh_config"))));
    tells(doctor(lab, 7), "46", "n", "error", "both have the node address 10.0.2.15");
    inventory(lab, k3s);
  }

  private static void whoIsGoneIsNamed(Lab lab) {
    lab.node(3).powerOff();
    tells(doctor(lab, 7), "1", "n3", "error", lab.node(3).address());
  }

  private static Result doctor(Lab lab, int exit, String... more) {
    var words = new java.util.ArrayList<>(List.of("doctor", "cluster.yml"));
    words.addAll(List.of(more));
    return lab.provision().json(words.toArray(String[]::new)).exits(exit);
  }

  private static List<JsonNode> bad(Result result) {
    return result.events("diagnosis").stream()
        .filter(it -> !it.path("severity").asText().equals("note"))
        .toList();
  }

  private static void tells(
      Result result, String number, String host, String severity, String evidence) {
    assertThat(
            result.events("diagnosis").stream()
                .filter(it -> it.path("target").asText().startsWith(host))
                .filter(it -> it.path("severity").asText().equals(severity))
                .filter(it -> it.path("evidence").asText().contains(evidence))
                .map(it -> it.path("remedy").asText())
                .collect(Collectors.toList()))
        .as("%s: '%s' of %s among %s", number, evidence, host, result.events("diagnosis"))
        .isNotEmpty()
        .noneMatch(String::isEmpty);
  }

  private static void inventory(Lab lab, K3s k3s) {
    var hosts = new StringBuilder();
    lab.nodes()
        .forEach(node ->
            hosts.append(
                "  %s: { address: %s, roles: [%s] }%n"
                    .formatted(
                        node.name(),
                        node.address(),
                        node.name().equals("n1") ? "control-plane" : "worker")));
    lab.write(
        "cluster.yml",
        lab.cluster("cluster.yml", k3s.artifacts(), k3s.version(), hosts.toString())
            .replace("{endpoint}", lab.node(1).address()));
  }
}

package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * kubeadm, kubelet and kubectl as packages of a signed repository in the layout of their publisher:
 * real apt, dpkg and signatures, and a strict stand-in for the programs.
 */
@Tag("long")
class KubeadmPackagesStandInTest {
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");
  private static final String VERSION = StandInKubernetes.VERSION;
  private static final String OLD = "v1.35.6";
  private static final String ADDRESS_OF_OURS =
      "/etc/apt/sources.list.d/provision-kubernetes.sources";
  private static final String KEYRING = "/etc/apt/keyrings/provision-kubernetes.gpg";
  private static final String ALL = "cri-tools kubeadm kubectl kubelet kubernetes-cni";

  @Test
  void aClusterIsMadeOfPackagesThatTheRightKeySignsAndOfNoOthers() {
    System.out.println("KubeadmPackagesStandInTest: packages of a stand-in " + VERSION);
    try (var lab = Lab.of(2);
        var publisher = new PublisherRepository(lab, GATEWAY)) {
      StandInKubernetes.imagesInto(lab, VERSION);
      publisher.put(lab, "v1.36.1");
      publisher.put(lab, VERSION);
      var key = publisher.key("publisher");
      publisher.sign(VERSION, key);
      nothingIsInstalledByAnotherKey(lab, publisher, key);
      inventory(lab, publisher, key, VERSION);
      KubeadmStandInTest.killedOnce(lab, lab.node(1), "[ -s /etc/kubernetes/pki/apiserver.crt ]");
      try (var api = KubeadmStandInTest.api(lab)) {
        lab.provision().json("apply", "cluster.yml").exits(0);
        assertThat(KubeadmStandInTest.nodes(lab)).isEqualTo("n1 Ready\nn2 Ready\n");
        lab.nodes().forEach(KubeadmPackagesStandInTest::isOfPackages);
        publisher.silent();
        lab.nothingIsLeftToDo(lab.nodes());
        assertThat(api.refused()).isEmpty();
      }
    }
  }

  @Test
  void nodesComeToTheNextVersionByItsOwnRepositoryAndOneLeavesWithItsPackages() {
    System.out.println("KubeadmPackagesStandInTest: from " + OLD + " to " + VERSION);
    try (var lab = Lab.of(2);
        var publisher = new PublisherRepository(lab, GATEWAY)) {
      for (var version : List.of(OLD, VERSION)) {
        StandInKubernetes.imagesInto(lab, version);
        publisher.put(lab, version);
      }
      var key = publisher.key("publisher");
      publisher.sign(OLD, key);
      publisher.sign(VERSION, publisher.key("other"));
      inventory(lab, publisher, key, OLD);
      KubeadmStandInTest.killedOnce(lab, lab.node(1), "[ -s /etc/kubernetes/pki/apiserver.crt ]");
      try (var api = KubeadmStandInTest.api(lab)) {
        lab.provision().json("apply", "cluster.yml").exits(0);
        lab.nothingIsLeftToDo(lab.nodes());
        try (var nodes = new StandInNodes(GATEWAY, lab.nodes(), Optional.of(api))) {
          anUpgradeByAnotherKeyStopsBeforeAnyNodeIsOutOfUse(lab, publisher, key, nodes);
          publisher.sign(VERSION, key);
          lab.provision().json("apply", "cluster.yml").exits(0);
          assertThat(nodes.evicted()).containsExactly("n1", "n2");
          lab.nodes().forEach(KubeadmPackagesStandInTest::isOfPackages);
          assertThat(lab.node(2).sh("cat " + ADDRESS_OF_OURS))
              .contains("v1.36")
              .doesNotContain("v1.35");
          publisher.silent();
          lab.nothingIsLeftToDo(lab.nodes());
          aWorkerLeavesWithItsPackages(lab);
          assertThat(nodes.refused()).isEmpty();
        }
        assertThat(api.refused()).isEmpty();
      }
    }
  }

  private static void anUpgradeByAnotherKeyStopsBeforeAnyNodeIsOutOfUse(
      Lab lab, PublisherRepository publisher, String key, StandInNodes nodes) {
    inventory(lab, publisher, key, VERSION);
    var plan = lab.provision().run("plan", "cluster.yml").exits(0);
    assertThat(plan.text()).contains("package kubelet", "1.35.6-1.1", "1.36.2, on hold", "node n2");
    var stopped = lab.provision().run("apply", "--yes", "cluster.yml").exits(1);
    assertThat(stopped.text()).contains(", and the inventory pins " + key);
    assertThat(nodes.evicted()).isEmpty();
    for (var node : lab.nodes()) {
      assertThat(node.sh("kubelet --version")).contains(OLD);
      assertThat(node.sh("cat " + ADDRESS_OF_OURS)).contains("v1.35");
    }
  }

  /** Another file of apt, and what somebody else installed, stay. */
  private static void aWorkerLeavesWithItsPackages(Lab lab) {
    var worker = lab.node(2);
    var theirs = "/etc/apt/sources.list.d/theirs.list";
    worker.sh("echo '# theirs' >%s; apt-mark -q hold socat".formatted(theirs));
    lab.write(
        "cluster.yml",
        Checkout.text(lab.file("cluster.yml"))
            .replace("roles: [worker] }", "roles: [worker], leaving: true }"));
    var plan = lab.provision().run("plan", "cluster.yml", "--remove", "n2").exits(0);
    assertThat(plan.text())
        .contains("the packages that /var/lib/provision/packages/kubernetes has");
    lab.provision().json("apply", "cluster.yml", "--force-remove", "--remove", "n2").exits(0);
    assertThat(
            worker.sh(
                "dpkg-query -W -f '${Package} ${db:Status-Status}\n' %s 2>/dev/null | grep -v not-installed || :"
                    .formatted(ALL)))
        .isEmpty();
    assertThat(worker.sh("apt-mark showhold; ls -d %s".formatted(theirs)))
        .isEqualTo("socat\n%s\n".formatted(theirs));
    assertThat(
            worker.sh(
                "ls -d /usr/local/bin/kube* /usr/bin/kubelet %s %s /var/lib/provision/packages/* 2>/dev/null || :"
                    .formatted(ADDRESS_OF_OURS, KEYRING)))
        .isEmpty();
    assertThat(worker.succeeds("apt-get -q check && dpkg --audit")).isTrue();
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static void nothingIsInstalledByAnotherKey(
      Lab lab, PublisherRepository publisher, String key) {
    var other = publisher.key("other");
    inventory(lab, publisher, other, VERSION);
    refused(lab, "Release.key is the key " + key + ", and the inventory pins " + other);

    publisher.show(VERSION, other);
    refused(lab, "the repository is signed by another key", "than the inventory pins (" + other);

    var ended = publisher.endedKey("ended");
    publisher.sign(VERSION, ended);
    inventory(lab, publisher, ended, VERSION);
    if (Engine.DISTRO.equals(
        "bookworm")) { // sqv of later ones asks whether it had ended when it signed
      refused(lab, "the key of the repository has expired: " + ended);
    }

    publisher.unsigned(VERSION);
    inventory(lab, publisher, key, VERSION);
    publisher.show(VERSION, key);
    refused(lab, "the repository is not signed");

    publisher.silent();
    refused(lab, "the key of the repository cannot be fetched");
    publisher.answers();

    publisher.sign(VERSION, key);
    var others = "/etc/apt/sources.list.d/theirs.list";
    lab.nodes()
        .forEach(node ->
            node.sh(
                "echo 'deb [signed-by=/etc/apt/theirs.gpg] %s /' >%s"
                    .formatted(publisher.written().replace("{minor}", "v1.36"), others)));
    refused(lab, "the repository is listed already, with another key, in " + others);
    lab.nodes().forEach(node -> node.sh("rm " + others));

    inventory(lab, publisher, key, "v1.36.7");
    fails(lab, "has no kubeadm 1.36.7; it has: 1.36.2-1.1 1.36.1-1.1");
    inventory(lab, publisher, key, "v1.37.0");
    fails(lab, "the key of the repository cannot be fetched");
  }

  private static void refused(Lab lab, String... words) {
    var failed = fails(lab, words);
    for (var node : lab.nodes()) {
      assertThat(
              node.succeeds(
                  "command -v kubelet kubeadm kubectl || [ -e %s ]".formatted(ADDRESS_OF_OURS)))
          .as("%s has none of it: %s", node.name(), failed)
          .isFalse();
      assertThat(node.sh("apt-get indextargets >/dev/null && apt-mark showhold").strip())
          .as("apt of %s is as it was", node.name())
          .isEmpty();
    }
  }

  private static Result fails(Lab lab, String... words) {
    var failed = lab.provision().run("apply", "--yes", "cluster.yml").exits(1);
    assertThat(failed.text()).contains(words);
    assertThat(lab.nodes()).noneMatch(node -> node.succeeds("command -v kubelet"));
    return failed;
  }

  private static void isOfPackages(Node node) {
    assertThat(node.sh("dpkg-query -W -f '${Package} ${Version}\n' " + ALL).lines())
        .containsExactlyInAnyOrder(
            "cri-tools 1.36.0-1.1",
            "kubeadm 1.36.2-1.1",
            "kubectl 1.36.2-1.1",
            "kubelet 1.36.2-1.1",
            "kubernetes-cni 1.8.0-1.1");
    assertThat(node.sh("apt-mark showhold").strip().replace('\n', ' ')).isEqualTo(ALL);
    assertThat(node.sh("readlink /usr/local/bin/kubelet")).isEqualTo("/usr/bin/kubelet\n");
    assertThat(node.sh("systemctl show -p FragmentPath,ExecStart kubelet"))
        .contains("/etc/systemd/system/kubelet.service", "path=/usr/local/bin/kubelet")
        .doesNotContain("path=/usr/bin/kubelet");
    assertThat(node.sh("cat " + ADDRESS_OF_OURS)).contains("Signed-By: " + KEYRING);
  }

  private static void inventory(
      Lab lab, PublisherRepository publisher, String key, String version) {
    KubeadmStandInTest.inventory(lab, version, List.of("control-plane", "worker"));
    var text = Checkout.text(lab.file("cluster.yml"));
    lab.write(
        "cluster.yml",
        text.replace(
            "  ignore_",
            "  packages: { repository: \"%s\", key: %s }\n  ignore_"
                .formatted(publisher.written(), key)));
  }
}

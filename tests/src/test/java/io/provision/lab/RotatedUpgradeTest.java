package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * {@code rotate --upgrade} with the real apt: hosts with something to upgrade are upgraded and
 * rebooted one after another, also where the power went in the middle of dpkg, and where a package
 * cannot be configured its host is given back, not rebooted, and no other one goes.
 */
@Tag("long")
class RotatedUpgradeTest {
  private static final String MARKED = "[ -e /var/lib/provision/rotating ]";

  /** Begins, and waits until it may end. */
  private static final String WAITS =
      "touch /root/configuring; n=0; while [ ! -e /root/go ] && [ $n -lt 90 ]; do sleep 1; n=$((n + 1)); done";

  @Test
  void hostsWithoutKubernetes() {
    try (var lab = Lab.of(3)) {
      var hosts =
          lab.nodes().stream()
              .map(node -> "  %s: { address: %s }%n".formatted(node.name(), node.address()))
              .collect(Collectors.joining());
      lab.write(
          "inventory.yml",
          """
          cluster: { name: lab, distribution: none, network: { node_cidr: %s } }
          ssh: { user: admin, key: %s, host_keys: strict, known_hosts: %s }
          hosts:
          """
                  .formatted(Engine.SUBNET, Lab.KEY, lab.file("known_hosts"))
              + hosts);
      lab.provision().json("apply", "inventory.yml").exits(0);
      var repositories = lab.nodes().stream().map(OwnRepository::on).toList();
      assertThat(rotate(lab).exits(0).total("changed")).isZero();

      repositories.get(0).publish(2, WAITS);
      repositories.get(1).publish(2, ":");
      lab.node(2).sh("echo 'by hand' >/etc/quiet.conf");
      thePlanNamesThemAndDoesNothing(lab, repositories);
      thePowerGoesInTheMiddleAndTheSameCommandGoesOn(lab, repositories);
      whatCannotBeConfiguredEndsIt(lab, repositories);
    }
  }

  private static Result rotate(Lab lab) {
    return lab.provision().json("rotate", "inventory.yml", "--upgrade");
  }

  private static void thePlanNamesThemAndDoesNothing(Lab lab, List<OwnRepository> repositories) {
    var plan = lab.provision().run("rotate", "inventory.yml", "--upgrade", "--dry-run").exits(0);
    System.out.println(plan.text());
    assertThat(plan.text()).contains("quiet", "n2").doesNotContain("after n3", "n3, after");
    repositories.forEach(it -> assertThat(it.installed()).isEqualTo("installed 1"));
  }

  private static void thePowerGoesInTheMiddleAndTheSameCommandGoesOn(
      Lab lab, List<OwnRepository> repositories) {
    var boots = RealRotationTest.boots(lab.nodes());
    var killed = lab.provision().startJson("rotate", "inventory.yml", "--upgrade");
    killed.awaitOn(lab.node(1), "a package that is configured", "[ -e /root/configuring ]");
    killed.kill();
    lab.node(1).powerOff();
    lab.node(1).powerOn();
    assertThat(lab.node(1).sh("dpkg --audit")).contains("quiet");
    assertThat(repositories.get(1).installed()).isEqualTo("installed 1");
    lab.node(1).sh("touch /root/go");
    var cut = RealRotationTest.boots(lab.nodes());

    var ended = rotate(lab).exits(0);
    System.out.println(ended.text().lines().filter(it -> it.contains("summary")).toList());
    assertThat(repositories.get(0).installed()).isEqualTo("installed 2");
    assertThat(repositories.get(1).installed()).isEqualTo("installed 2");
    assertThat(repositories.get(2).installed()).isEqualTo("installed 1");
    assertThat(lab.node(1).sh("cat /etc/quiet.conf")).isEqualTo("of 2\n");
    assertThat(lab.node(2).sh("cat /etc/quiet.conf")).isEqualTo("by hand\n");
    assertThat(lab.node(1).sh("dpkg --audit")).isEmpty();
    var after = RealRotationTest.boots(lab.nodes());
    assertThat(after.getFirst())
        .as("rebooted by us, behind the power")
        .isNotEqualTo(cut.getFirst());
    assertThat(after.get(1)).isNotEqualTo(boots.get(1));
    assertThat(after.get(2)).isEqualTo(boots.get(2));
    lab.nodes().forEach(node -> assertThat(node.succeeds(MARKED)).isFalse());
    assertThat(rotate(lab).exits(0).total("changed")).isZero();
  }

  private static void whatCannotBeConfiguredEndsIt(Lab lab, List<OwnRepository> repositories) {
    var boots = RealRotationTest.boots(lab.nodes());
    repositories.get(1).publish(3, "echo it has no licence >&2; exit 7");
    repositories.get(2).publish(3, ":");
    var ended = rotate(lab).exits(1);
    assertThat(ended.text()).contains("it has no licence");
    assertThat(RealRotationTest.boots(lab.nodes())).isEqualTo(boots);
    assertThat(repositories.get(2).installed()).isEqualTo("installed 1");
    lab.nodes().forEach(node -> assertThat(node.succeeds(MARKED)).isFalse());

    repositories.get(1).publish(4, ":");
    rotate(lab).exits(0);
    assertThat(repositories.get(1).installed()).isEqualTo("installed 4");
    assertThat(repositories.get(2).installed()).isEqualTo("installed 3");
  }

  @Test
  void nodesOfK3sUnderALoad() {
    try (var lab = Lab.of(4)) {
      var cluster = RealCluster.newestOfK3s(lab);
      System.out.println("RotatedUpgradeTest: with " + cluster.called());
      lab.nodes().forEach(cluster::letRun);
      lab.nodes().forEach(cluster::letReboot);
      cluster.inventory(
          cluster.newer(),
          List.of("control-plane", "worker", "worker", "worker"),
          Set.of(),
          Set.of());
      lab.provision().json("apply", "cluster.yml").exits(0);
      var server = lab.node(1);
      var upgraded = lab.nodes().subList(1, 3);
      lab.nodes().forEach(OwnRepository::on);
      upgraded.forEach(node -> new OwnRepository(node).publish(2, ":"));
      var load = cluster.load(server, lab.node(4));
      var boots = RealRotationTest.boots(lab.nodes());
      var seen = SeenNodes.of(cluster, List.of(server));
      load.begin();
      lab.provision().json("rotate", "cluster.yml", "--upgrade").exits(0);
      var during = load.end();
      seen.close();
      System.out.printf("%d looks; longest gap without an answer: %s%n", seen.looks(), during);
      assertThat(seen.together()).as("nodes out of use at one time").isEmpty();
      assertThat(seen.order()).containsExactly("n2", "n3");
      upgraded.forEach(
          node -> assertThat(new OwnRepository(node).installed()).isEqualTo("installed 2"));
      var after = RealRotationTest.boots(lab.nodes());
      assertThat(after.subList(1, 3)).doesNotContainAnyElementsOf(boots);
      assertThat(after.getFirst()).isEqualTo(boots.getFirst());
      cluster.hasNodes(server, cluster.newer(), "n1", "n2", "n3", "n4");
      lab.nodes().forEach(node -> assertThat(node.succeeds(MARKED)).isFalse());
    }
  }
}

package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A container loses its host name and /etc/hosts at every start, as a machine may by hand. */
@Tag("hosts")
class RebootTest {
  @Test
  void namesThatAHostHasLostWithARebootComeBackWithTheNextApply() {
    try (var lab = Lab.of(2)) {
      lab.inventory(Job.in(lab), Map.of());
      lab.provision().json("apply", "inventory.yml").exits(0);
      var node = lab.node(1);
      node.reboot();
      assertThat(names(node)).doesNotContain("10.9.0.1 node1", lab.node(2).address());

      var again = lab.provision().json("apply", "inventory.yml").exits(0);
      assertThat(again.total("n1", "changed")).isPositive();
      assertThat(again.total("n2", "changed")).isZero();
      assertThat(names(node)).startsWith("n1\n").contains("10.9.0.1 node1", lab.node(2).address());
      assertThat(node.sh("systemctl is-active demo").strip()).isEqualTo("active");
      assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    }
  }

  /** And no other run comes in between: the claim that lies on its disk is not theirs. */
  @Test
  void aHostThatWantsARebootIsRebootedAndComesBackUnderTheSameRun() {
    try (var lab = Lab.of(2)) {
      lab.write(
          "playbooks/reboot.yml", "- { name: all, hosts: all, steps: [reboot-if-required] }\n");
      lab.inventory("playbooks/reboot.yml", Map.of());
      var node = lab.node(1);
      node.sh("touch /run/reboot-required; echo linux-image >/run/reboot-required.pkgs");
      var boots = lab.nodes().stream().map(each -> each.sh(BOOT)).toList();
      var plan = lab.provision().json("plan", "inventory.yml").exits(0);
      assertThat(plan.text()).contains("linux-image");
      assertThat(node.sh(BOOT)).isEqualTo(boots.getFirst());

      var applied = lab.provision().json("apply", "inventory.yml").exits(0);
      assertThat(applied.total("n1", "changed")).isEqualTo(1);
      assertThat(applied.total("n2", "changed")).isZero();
      assertThat(node.sh(BOOT)).isNotEqualTo(boots.getFirst());
      assertThat(lab.node(2).sh(BOOT)).isEqualTo(boots.getLast());
      assertThat(node.succeeds("[ -e /var/lib/provision/claim ]")).isFalse();
      assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    }
  }

  /** It would be kept from everybody for nothing. */
  @Test
  void aHostThatCouldNotBeToldToRebootIsNotClaimed() {
    try (var lab = Lab.of(1)) {
      lab.write(
          "playbooks/reboot.yml", "- { name: all, hosts: all, steps: [reboot-if-required] }\n");
      lab.inventory("playbooks/reboot.yml", Map.of());
      var node = lab.node(1);
      node.sh("touch /run/reboot-required; mv /usr/bin/systemd-run /root/");
      var boot = node.sh(BOOT);
      var failed = lab.provision().json("apply", "inventory.yml").exits(1);
      assertThat(failed.text()).contains("could not be ordered");
      assertThat(node.succeeds("[ -e /var/lib/provision/claim ]")).isFalse();

      node.sh("mv /root/systemd-run /usr/bin/");
      assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed"))
          .isEqualTo(1);
      assertThat(node.sh(BOOT)).isNotEqualTo(boot);
    }
  }

  @Test
  void aHostThatAnotherRunRebootsIsHeldUntilItIsUnlocked() {
    try (var lab = Lab.of(1)) {
      lab.inventory(Job.in(lab), Map.of());
      var node = lab.node(1);
      node.sh(
          "mkdir -p /var/lib/provision; { expr $(date +%s) + 900; echo 'ann@laptop, run r0'; }"
              + " >/var/lib/provision/claim");
      var held = lab.provision().json("apply", "inventory.yml").exits(6);
      assertThat(held.text()).contains("ann@laptop, run r0");
      assertThat(held.total("changed")).isZero();

      lab.provision().run("unlock", "inventory.yml", "--yes").exits(0);
      assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed"))
          .isPositive();
    }
  }

  private static final String BOOT = "cut -d ' ' -f 22 /proc/1/stat";

  private static String names(Node node) {
    return node.sh("hostname; cat /etc/hosts");
  }
}

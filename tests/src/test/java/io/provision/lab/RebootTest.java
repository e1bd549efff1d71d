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

  private static String names(Node node) {
    return node.sh("hostname; cat /etc/hosts");
  }
}

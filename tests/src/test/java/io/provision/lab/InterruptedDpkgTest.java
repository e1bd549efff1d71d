package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** After a power cut in the middle of an installation the same command goes on. */
@Tag("hosts")
class InterruptedDpkgTest {
  private static final String INTERRUPT =
      """
      cd /tmp && apt-get -q update && apt-get -q download ethtool && dpkg --unpack ethtool_*.deb
      """;

  @Test
  void whatWasInterruptedIsInThePlanAndFinished() {
    try (var lab = Lab.of(1)) {
      lab.write(
          "packages.yml", "- name: packages\n  hosts: all\n  steps:\n    - packages: [socat]\n");
      lab.inventory("packages.yml", Map.of());
      lab.node(1).sh(INTERRUPT);

      var plan = lab.provision().json("plan", "inventory.yml").exits(0);
      assertThat(plan.text()).contains("interrupted, unfinished: ethtool", "package socat");
      assertThat(lab.node(1).sh("dpkg --audit")).contains("ethtool");

      lab.provision().json("apply", "inventory.yml").exits(0);
      assertThat(lab.node(1).sh("dpkg --audit")).isEmpty();
      assertThat(lab.node(1).sh("dpkg-query -W -f '${db:Status-Status} ' ethtool socat"))
          .isEqualTo("installed installed ");
      assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    }
  }
}

package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What apt would take away for a package that is wanted stays, and is named. */
@Tag("hosts")
class PackagesKeptTest {
  private static final String THERE =
      "dpkg-query -W -f '${db:Status-Status}' systemd-timesyncd; command -v chronyd || :";

  @Test
  void apartFromWhatIsWantedNothingGoes() {
    try (var lab = Lab.of(1)) {
      lab.write(
          "packages.yml", "- name: packages\n  hosts: all\n  steps:\n    - packages: [chrony]\n");
      lab.inventory("packages.yml", Map.of());
      lab.node(1).sh("apt-get -q update && apt-get -q -y install systemd-timesyncd");

      var failed = lab.provision().json("apply", "inventory.yml").exits(1);
      assertThat(failed.text())
          .contains("installing chrony would take away: systemd-timesyncd", "remove them yourself");
      assertThat(lab.node(1).sh(THERE)).isEqualTo("installed");

      lab.node(1).sh("apt-get -q -y remove systemd-timesyncd");
      lab.provision().json("apply", "inventory.yml").exits(0);
      assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    }
  }
}

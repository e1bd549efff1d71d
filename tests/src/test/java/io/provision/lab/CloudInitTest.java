package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What cloud-init does at every boot leaves hosts and hostname as the inventory has them. */
@Tag("long")
class CloudInitTest {
  private static final String IMAGE =
      """
      apt-get -q update
      DEBIAN_FRONTEND=noninteractive apt-get -q -y install --no-install-recommends cloud-init
      seed=/var/lib/cloud/seed/nocloud
      mkdir -p $seed
      printf 'instance-id: i1\\nlocal-hostname: from-image\\n' >$seed/meta-data
      printf '#cloud-config\\n{}\\n' >$seed/user-data
      cat >/etc/cloud/cloud.cfg.d/90-image.cfg <<END
      datasource_list: [NoCloud]
      network: {config: disabled}
      ssh_deletekeys: false
      ssh_genkeytypes: []
      manage_etc_hosts: true
      END
      cloud-init init --local
      cloud-init init
      """;
  private static final String BOOT =
      """
      cloud-init single --name update_hostname --frequency always
      cloud-init single --name update_etc_hosts --frequency always
      """;

  @Test
  void hostsAndHostnameHoldAfterABoot() {
    try (var lab = Lab.of(1)) {
      var node = lab.node(1);
      node.sh(IMAGE);
      node.sh("echo 10.1.1.1 mine >>/etc/hosts");
      node.sh(BOOT);
      assertThat(node.sh("cat /etc/hosts")).as("it does write it").doesNotContain("mine");

      lab.write(
          "names.yml",
          "- name: names\n  hosts: all\n  steps: [node-address, hostname, hosts-file]\n");
      lab.inventory("names.yml", Map.of());
      lab.provision().json("apply", "inventory.yml").exits(0);
      node.sh(BOOT);

      assertThat(node.sh("cat /etc/hosts")).contains(node.address() + " n1");
      assertThat(node.sh("hostname; cat /etc/hostname")).isEqualTo("n1\nn1\n");
      assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    }
  }
}

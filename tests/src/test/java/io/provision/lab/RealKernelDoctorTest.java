package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What doctor says of the kernel of a machine, which that of a container is not. */
@Tag("long")
class RealKernelDoctorTest {
  private static final String MISSING = "has no module overlay, br_netfilter, vxlan";

  /** Its modules lie elsewhere, as after another kernel was installed and this one taken out. */
  private static final String WITHOUT =
      "set -e; mkdir -p /root/kept; mv /lib/modules/$(uname -r) /root/kept/";

  private static final String WITH = "mv /root/kept/* /lib/modules/";

  private static final String EVERYTHING =
      "find /etc /lib/modules /root/kept /usr/local /var/lib/rancher -printf '%p %T@ %m %s\\n' 2>/dev/null | sort | sha256sum; cat /proc/modules | cut -d' ' -f 1 | sort; swapon --show";

  @Test
  void modulesThatAKernelNeitherHasNorCouldLoadAreTold() throws IOException {
    var scratch = Checkout.scratch("vm-doctor");
    try (var network = VmNetwork.boot(1, "")) {
      var vm = network.vm(1);
      inventory(scratch, vm);
      var provision = new Provision(scratch);
      assertThat(provision.run("doctor", "inventory.yml").text())
          .as("of a kernel that has them")
          .contains("vm1")
          .doesNotContain("has no module");

      vm.sh(WITHOUT);
      var before = vm.sh(EVERYTHING);
      var found = provision.run("doctor", "inventory.yml").exits(7);
      System.out.println(found.text());
      assertThat(found.text()).contains(MISSING, "reboot it where another kernel was installed");
      assertThat(vm.sh(EVERYTHING)).as("what it looked at").isEqualTo(before);

      vm.sh(WITH);
      assertThat(provision.run("doctor", "inventory.yml").text()).doesNotContain("has no module");
    }
  }

  private static void inventory(Path scratch, Vm vm) throws IOException {
    Files.writeString(
        scratch.resolve("inventory.yml"),
        """
        cluster:
          name: vm
          distribution: k3s
          version: v1.36.4+k3s1
          network: { cni: flannel, node_cidr: 10.9.9.0/24 }
        ssh: { user: admin, key: %s, port: %d, host_keys: accept-new, known_hosts: known_hosts }
        hosts:
          vm1: { address: 127.0.0.1, node_address: 10.9.9.1, roles: [control-plane] }
        """
            .formatted(Lab.KEY, vm.port()));
  }
}

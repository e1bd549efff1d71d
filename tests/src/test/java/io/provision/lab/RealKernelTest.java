package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a container skips because it belongs to the machine underneath, on a machine. */
@Tag("long")
class RealKernelTest {
  private static final String PLAYBOOK =
      """
      - include: facts
      - include: hosts
      - name: what belongs to a machine
        hosts: all
        steps:
          - swap-off
          - kernel-modules: { modules: [overlay, br_netfilter], file: /etc/modules-load.d/lab.conf }
          - sysctl:
              values:
                net.ipv4.ip_forward: 1
                vm.swappiness: 7
                kernel.panic: 11
                net.bridge.bridge-nf-call-iptables: 1
              file: /etc/sysctl.d/90-lab.conf
          - file: { path: /etc/lab-marker, content: "%s" }
      - include: storage
      """;

  /** A file, a partition by the name that it has for good, and compressed memory. */
  private static final String SWAP_ON =
      """
      set -e
      [ -f /swapfile ] || { fallocate -l 64M /swapfile; chmod 600 /swapfile; mkswap -q /swapfile; }
      swapon /swapfile
      mkswap -q /dev/disk/by-id/virtio-swap
      swapon /dev/disk/by-id/virtio-swap
      echo '/swapfile none swap sw 0 0' >>/etc/fstab
      echo '/dev/disk/by-id/virtio-swap none swap sw 0 0' >>/etc/fstab
      modprobe zram
      echo 64M >/sys/block/zram0/disksize
      mkswap -q /dev/zram0
      swapon /dev/zram0
      """;

  private static final String EFFECT =
      """
      swapon --show --noheadings
      sysctl -n net.ipv4.ip_forward vm.swappiness kernel.panic net.bridge.bridge-nf-call-iptables
      grep -c '^overlay \\|^br_netfilter ' /proc/modules
      """;

  private static final String AS_DECLARED = "1\n7\n11\n1\n2\n";

  /** What the brick is on, and what lies in the volume that is mounted. */
  private static final String STORED =
      """
      stat -Lc %t:%T "$(findmnt -no SOURCE /data/gluster)" /dev/disk/by-id/virtio-brick | uniq | wc -l
      findmnt -no FSTYPE /data/gluster
      cat /mnt/shared/kept
      """;

  /** What the kernel calls the brick's disk at this boot. */
  private static final String DEVICE = "readlink -f /dev/disk/by-id/virtio-brick";

  private static final String AS_STORED = "1\nxfs\nkept\n";

  @Test
  void whatContainersSkipHoldsOnAKernelOfItsOwnAfterARebootAndAPowerCut() throws IOException {
    var scratch = Checkout.scratch("vm");
    try (var vm = Vm.boot()) {
      inventory(scratch, vm, "first");
      var provision = new Provision(scratch);
      vm.sh(SWAP_ON);
      assertThat(vm.sh("swapon --show --noheadings | wc -l").strip()).isEqualTo("3");
      var apply = provision.json("apply", "inventory.yml").exits(0);
      assertThat(apply.text()).doesNotContain("belongs to the machine");
      assertThat(vm.sh(EFFECT)).isEqualTo(AS_DECLARED);
      assertThat(provision.json("apply", "inventory.yml").exits(0).total("changed")).isZero();
      vm.sh("set -e; mountpoint -q /mnt/shared; echo kept >/mnt/shared/kept; sync");
      assertThat(vm.sh(STORED)).isEqualTo(AS_STORED);
      var device = vm.sh(DEVICE);

      vm.reboot();
      assertThat(vm.sh(EFFECT)).as("after a reboot").isEqualTo(AS_DECLARED);
      assertThat(vm.sh(STORED)).as("after a reboot").isEqualTo(AS_STORED);
      assertThat(provision.json("apply", "inventory.yml").exits(0).total("changed")).isZero();

      inventory(scratch, vm, "second");
      var cut = provision.startJson("apply", "inventory.yml");
      cut.await(event -> event.path("event").asText().equals("locked"));
      vm.cutPowerAndReorderDisks();
      cut.kill();
      assertThat(vm.sh(DEVICE))
          .as("the kernel numbers disks as it finds them")
          .isNotEqualTo(device);
      assertThat(vm.sh("cat /etc/lab-marker"))
          .as("never half of it")
          .containsAnyOf("first", "second");
      provision.json("apply", "inventory.yml").exits(0);
      assertThat(vm.sh("cat /etc/lab-marker")).isEqualTo("second");
      assertThat(vm.sh(EFFECT)).as("after a power cut").isEqualTo(AS_DECLARED);
      assertThat(vm.sh(STORED)).as("after a power cut").isEqualTo(AS_STORED);
      assertThat(provision.json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    }
  }

  private static void inventory(Path scratch, Vm vm, String marker) throws IOException {
    Files.writeString(scratch.resolve("playbook.yml"), PLAYBOOK.formatted(marker));
    Files.writeString(
        scratch.resolve("inventory.yml"),
        """
        cluster:
          name: vm
          distribution: none
          swap: disabled
          network: { node_cidr: 10.0.2.0/24 }
          storage:
            gluster:
              volumes:
                - name: shared
                  kind: distributed
                  brick: /data/gluster/shared
                  brick_device: /dev/disk/by-id/virtio-brick
                  mount: /mnt/shared
        playbook: playbook.yml
        ssh: { user: admin, key: %s, port: %d, host_keys: accept-new, known_hosts: known_hosts }
        hosts:
          vm1: { address: 127.0.0.1, node_address: 10.0.2.15, roles: [storage] }
        """
            .formatted(Lab.KEY, vm.port()));
  }
}

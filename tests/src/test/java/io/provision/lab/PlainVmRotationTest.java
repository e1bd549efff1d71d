package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Hosts of GlusterFS with kernels of their own are really rebooted, one after another, and the
 * power of one is really cut, while each writes to their volume as long as it is there.
 */
@Tag("long")
class PlainVmRotationTest {
  private static final String PACKAGES = "glusterfs-server glusterfs-client xfsprogs";
  private static final String BRICK = "/data/gluster/shared";

  @Test
  void noAcknowledgedLineIsLostByRebootsOneAfterAnotherAndByAPowerCut() throws IOException {
    var scratch = Checkout.scratch("plain-vms");
    try (var network = VmNetwork.boot(3, PACKAGES)) {
      var vms = network.vms();
      inventory(scratch, vms);
      var provision = new Provision(scratch);
      provision.json("apply", "inventory.yml").exits(0);
      assertThat(provision.json("apply", "inventory.yml").exits(0).total("changed")).isZero();
      network.vm(1).sh(SharedVolume.HEAL_SOON);
      var writers = new ArrayList<VmWriter>();
      try {
        IntStream.rangeClosed(1, vms.size())
            .forEach(it -> writers.add(new VmWriter("vm" + it, network.vm(it))));
        writers.forEach(it -> it.awaitLines(3));
        oneAfterAnother(provision, vms, writers);
        aPowerCut(provision, network.vm(2), writers);
      } finally {
        writers.forEach(VmWriter::close);
      }
      nothingIsLost(provision, network, writers);
    }
  }

  private static void oneAfterAnother(Provision provision, List<Vm> vms, List<VmWriter> writers) {
    var boots = boots(vms);
    vms.forEach(vm -> vm.sh("touch /run/reboot-required"));
    var plan = provision.run("rotate", "inventory.yml", "--dry-run").exits(0);
    assertThat(plan.text()).contains("host, after vm1", "host, after vm2");
    assertThat(boots(vms)).as("a plan reboots nothing").isEqualTo(boots);
    System.out.println(provision.json("rotate", "inventory.yml").exits(0).text());
    assertThat(boots(vms)).as("kernels of before").doesNotContainAnyElementsOf(boots);
    writers.forEach(it -> it.awaitLines(3));
    neverTwo(writers, List.of("vm1", "vm2", "vm3"));
  }

  /** In the middle of writes; what was flushed nowhere is lost, or it would show nothing. */
  private static void aPowerCut(Provision provision, Vm vm, List<VmWriter> writers) {
    var boot = vm.bootId();
    var own = writers.get(1);
    assertThat(own.unsyncedLost()).as("by reboots nothing is lost").isEmpty();
    var drill = provision.run("rotate", "inventory.yml", "--kill", "vm2", "--yes").exits(0);
    System.out.println(drill.text());
    assertThat(vm.bootId()).as("kernel of before").isNotEqualTo(boot);
    assertThat(drill.text())
        .contains("volumes of GlusterFS without vm2", "shared")
        .containsPattern(
            "vm2: without power for .*, reached again .* after the cut, whole and in use again");
    writers.forEach(it -> it.awaitLines(3));
    assertThat(own.unsyncedLost()).as("what only memory held").isNotEmpty();
    neverTwo(writers, List.of("vm1", "vm2", "vm3"));
    assertThat(own.aways()).as("of vm2").hasSizeGreaterThan(1);
    writers.forEach(it -> assertThat(it.pending).as("to be healed").containsOnly("0"));
  }

  /** From what was seen from beside, whatever the program says of it. */
  private static void neverTwo(List<VmWriter> writers, List<String> expected) {
    var aways =
        writers.stream()
            .flatMap(it -> it.aways().stream())
            .sorted(Comparator.comparingLong(VmWriter.Away::from))
            .toList();
    for (var away : aways) {
      assertThat(aways.stream().filter(it -> it.meets(away) && !it.name().equals(away.name())))
          .as("out of use while %s was", away)
          .isEmpty();
    }
    assertThat(aways.stream().map(VmWriter.Away::name).distinct().toList()).isEqualTo(expected);
  }

  private static List<String> boots(List<Vm> vms) {
    return vms.stream().map(Vm::bootId).toList();
  }

  private static void nothingIsLost(
      Provision provision, VmNetwork network, List<VmWriter> writers) {
    var first = network.vm(1);
    first.sh(
        "for i in $(seq 120); do [ \"$(%s)\" = 0 ] && exit 0; sleep 3; done; exit 1"
            .formatted(NumberedLines.PENDING));
    provision.run("gluster", "check", "inventory.yml").exits(0);
    for (var writer : writers) {
      var there = first.sh("cat %s/%s".formatted(VmWriter.MOUNT, writer.file())).lines().toList();
      var wanted = writer.acknowledged.stream().map(it -> "line " + it).toList();
      assertThat(there).as("what was acknowledged of %s", writer.file()).containsAll(wanted);
      var copies =
          network.vms().stream()
              .map(vm -> vm.sh("md5sum <%s/%s".formatted(BRICK, writer.file())))
              .distinct()
              .toList();
      assertThat(copies).as("copies of " + writer.file()).hasSize(1);
      System.out.printf(
          "%s: %d lines were acknowledged, the longest time between two while its machine was in"
              + " use was %d ms, %d complaints%n",
          writer.file(), wanted.size(), writer.longest / 1_000_000, writer.complaints.size());
    }
    assertThat(provision.json("apply", "inventory.yml").exits(0).total("changed")).isZero();
  }

  private static void inventory(Path scratch, List<Vm> vms) throws IOException {
    var hosts = new StringBuilder();
    for (var number = 1; number <= vms.size(); number++) {
      var vm = vms.get(number - 1);
      hosts.append(
          """
            vm%1$d:
              address: 127.0.0.1
              node_address: 10.9.9.%1$d
              ssh: { port: %2$d }
              roles: [storage]
              power:
                off: %3$s
                on: %4$s
                status: %5$s
          """
              .formatted(
                  number,
                  vm.port(),
                  vm.powerProgram("off"),
                  vm.powerProgram("on"),
                  vm.powerProgram("status")));
    }
    Files.writeString(
        scratch.resolve("inventory.yml"),
        """
        cluster:
          name: vms
          distribution: none
          network: { node_cidr: 10.9.9.0/24 }
          storage:
            gluster:
              volumes:
                - name: shared
                  replica: 3
                  brick: %s
                  brick_device: /dev/disk/by-id/virtio-brick
                  mount: %s
        ssh: { user: admin, key: %s, host_keys: accept-new, known_hosts: known_hosts }
        hosts:
        %s\
        """
            .formatted(BRICK, VmWriter.MOUNT, Lab.KEY, hosts));
  }
}

package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Clocks that no server of the world sets, on machines that have clocks of their own. */
@Tag("long")
class RealClockTest {
  private static final String PLAYBOOK =
      """
      - include: facts
      - include: hosts
      """;

  /** By hand, and with nothing that would set it again. */
  private static final String AHEAD =
      """
      systemctl stop systemd-timesyncd 2>/dev/null
      rm -f /run/systemd/timesync/synchronized
      date -s "@$(($(date +%%s) + %d))" >/dev/null
      """;

  private static final String FILES =
      "ls /etc/chrony/conf.d /etc/systemd/timesyncd.conf.d 2>/dev/null | grep -c provision || :";

  @Test
  void oneHostGivesTheTimeToTheOtherWhereNoServerIsReached() throws IOException {
    var scratch = Checkout.scratch("clocks");
    try (var network = VmNetwork.boot(2, "")) {
      var vms = network.vms();
      var source = vms.getFirst();
      var other = vms.getLast();
      var provision = new Provision(scratch);
      Files.writeString(scratch.resolve("playbook.yml"), PLAYBOOK);
      inventory(scratch, vms, "time: { from: vm1 }");

      other.sh(AHEAD.formatted(4 * 3600 + 600));
      var far = provision.json("plan", "inventory.yml").exits(1);
      assertThat(far.total("vm2", "failed")).as("%s", far).isEqualTo(1);
      assertThat(far.text()).contains("its clock is 4 h ahead of this machine's");
      provision.json("apply", "inventory.yml").exits(1);
      assertThat(other.sh(FILES)).as("nothing of ours").isEqualTo("0\n");

      other.sh(AHEAD.formatted(-4 * 3600 - 600 + 9));
      provision.json("apply", "inventory.yml").exits(0);
      assertThat(source.sh("chronyc -n tracking")).as("its own clock").contains("7F7F0101");
      assertThat(other.sh("timedatectl show-timesync -p ServerAddress"))
          .isEqualTo("ServerAddress=10.9.9.1\n");
      var before = seconds(source);
      var between = seconds(other);
      assertThat(between).as("one time").isBetween(before - 1, seconds(source) + 1);
      assertThat(provision.json("apply", "inventory.yml").exits(0).total("changed")).isZero();

      inventory(scratch, vms, "");
      provision.json("apply", "inventory.yml").exits(0);
      for (var vm : vms) {
        assertThat(vm.sh(FILES)).as("what is not asked for any more").isEqualTo("0\n");
      }
      assertThat(provision.json("apply", "inventory.yml").exits(0).total("changed")).isZero();
    }
  }

  private static long seconds(Vm vm) {
    return Long.parseLong(vm.sh("date +%s").strip());
  }

  private static void inventory(Path scratch, List<Vm> vms, String time) throws IOException {
    Files.writeString(
        scratch.resolve("inventory.yml"),
        """
        cluster:
          name: clocks
          distribution: none
          network: { node_cidr: 10.9.9.0/24 }
        playbook: playbook.yml
        %s
        ssh: { user: admin, key: %s, host_keys: accept-new, known_hosts: known_hosts }
        hosts:
          vm1: { address: 127.0.0.1, node_address: 10.9.9.1, ssh: { port: %d } }
          vm2: { address: 127.0.0.1, node_address: 10.9.9.2, ssh: { port: %d } }
        """
            .formatted(time, Lab.KEY, vms.getFirst().port(), vms.getLast().port()));
  }
}

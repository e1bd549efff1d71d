package io.provision.steps.os;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.remote.Frame;
import io.provision.step.Check;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class NodeAddressStepTest {
  /** A Vagrant machine: the first interface is the same everywhere. */
  private static final String VAGRANT =
      """
      2: eth0    inet 10.0.2.15/24 brd 10.0.2.255 scope global dynamic eth0\\       valid_lft forever
      3: eth1    inet 192.168.56.21/24 brd 192.168.56.255 scope global eth1\\       valid_lft forever
      4: cni0    inet 10.42.0.1/24 scope global cni0\\       valid_lft forever
      route default via 10.0.2.2 dev eth0\
      """;

  private static final String CLUSTER =
      """
      cluster:
        name: home
        distribution: k3s
        version: v1.36.4+k3s1
        %s
      hosts:
        w1: { address: %s, roles: [control-plane]%s }
      """;

  @Test
  void takesTheSshAddressInsideNodeCidr() {
    assertThat(of("192.168.56.0/24", "192.168.56.99", "")).isEqualTo("192.168.56.99");
  }

  @Test
  void takesTheOneAddressInsideNodeCidr() {
    assertThat(of("192.168.56.0/24", "127.0.0.1", "")).isEqualTo("192.168.56.21");
    assertThat(of("192.168.56.0/24", "w1.example.org", "")).isEqualTo("192.168.56.21");
  }

  @Test
  void withoutNodeCidrTakesANumericSshAddressElseThatOfTheDefaultRoute() {
    assertThat(of("", "10.1.1.1", "")).isEqualTo("10.1.1.1");
    assertThat(of("", "w1.example.org", "")).isEqualTo("10.0.2.15");
  }

  @Test
  void takesWhatTheInventoryGivesIfTheHostHasIt() {
    assertThat(of("", "10.1.1.1", ", node_address: 192.168.56.21")).isEqualTo("192.168.56.21");
    assertThat(of("", "10.1.1.1", ", node_address: 192.168.56.22"))
        .contains("192.168.56.22", "10.0.2.15", "node_address");
  }

  @Test
  void refusesNoneAndSeveralNamingThemAndTheSetting() {
    assertThat(of("172.16.0.0/12", "w1", "")).contains("none", "10.0.2.15", "node_cidr");
    var second = VAGRANT.replace("4: cni0    inet 10.42.0.1/24", "4: eth2  inet 192.168.56.7/24");
    assertThat(of(second, "192.168.56.0/24", "w1", ""))
        .contains("192.168.56.21, 192.168.56.7", "node_address");
  }

  @Test
  void refusesTwoHostsWithOneAddressNamingBoth() {
    var same = NodeAddress.parse("10.0.2.15");
    assertThat(NodeAddressStep.clash(Map.of(new HostName("w1"), same, new HostName("w2"), same)))
        .hasValueSatisfying(it -> {
          assertThat(it.what()).contains("w1", "w2", "10.0.2.15");
          assertThat(it.remedy()).contains("node_cidr");
        });
    var other = NodeAddress.parse("10.0.2.16");
    assertThat(NodeAddressStep.clash(Map.of(new HostName("w1"), same, new HostName("w2"), other)))
        .isEmpty();
  }

  /** In a container an interface hangs on one of the machine's. */
  @Test
  void itsInterfaceSaysHowLargeAPacketItTakes() {
    var links =
        """
        \n1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN\\    link/loopback
        2: eth0@if7: <BROADCAST,UP> mtu 1500 qdisc noqueue state UP\\    link/ether
        3: eth1: <BROADCAST,UP> mtu 1330 qdisc noqueue state UP\\    link/ether
        9: wg0: <POINTOPOINT> mtu x
        """;
    var target = OnHosts.of("w1", CLUSTER.formatted("tls_sans: []", "192.168.56.21", ""));
    for (var each : Map.of(VAGRANT + links, 1330, VAGRANT, 0).entrySet()) {
      var check = NodeAddressStep.check(target, HostAddresses.read(new Frame(0, each.getKey())));
      var seen = ((Check.InSync) check).observed().values();
      assertThat(seen.get(NodeAddressStep.INTERFACE)).isEqualTo("eth1");
      assertThat(seen.getOrDefault(NodeAddressStep.MTU, 0)).isEqualTo(each.getValue());
    }
    var all = HostAddresses.read(new Frame(0, VAGRANT + links));
    assertThat(all.mtus())
        .as("others are nobody's matter")
        .isEqualTo(Map.of("eth0", 1500, "eth1", 1330));
    assertThat(all.own()).hasSize(2);
  }

  private static String of(String cidr, String address, String more) {
    return of(VAGRANT, cidr, address, more);
  }

  private static String of(String has, String cidr, String address, String more) {
    var network = cidr.isEmpty() ? "tls_sans: []" : "network: { node_cidr: %s }".formatted(cidr);
    var target = OnHosts.of("w1", CLUSTER.formatted(network, address, more));
    var check = NodeAddressStep.check(target, HostAddresses.read(new Frame(0, has)));
    return switch (check) {
      case Check.InSync(var observed) ->
          String.valueOf(observed.values().get(NodeAddressStep.NODE_ADDRESS));
      case Check.Refused(var what, var remedy, _) -> what + "; " + remedy;
      default -> throw new AssertionError(check);
    };
  }
}

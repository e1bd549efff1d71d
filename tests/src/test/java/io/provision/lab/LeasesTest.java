package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * What real DHCP clients make of a server that calls every host {@code evil}: by themselves none of
 * them takes another name from a host that has one, and a hook that does is named.
 */
@Tag("long")
class LeasesTest {
  private static final String PLAYBOOK =
      "- name: names\n  hosts: all\n  steps:\n    - node-address\n    - hostname\n    - hosts-file\n";

  private static final String CLIENTS =
      """
      set -e
      cp /etc/resolv.conf /root/resolv.conf
      export DEBIAN_FRONTEND=noninteractive
      apt-get -q update
      apt-get -q -y install --no-install-recommends iproute2 dnsmasq-base isc-dhcp-client dhcpcd-base \
        network-manager
      systemctl stop NetworkManager
      printf '[keyfile]\\nunmanaged-devices=interface-name:eth*\\n' >/etc/NetworkManager/conf.d/lab.conf
      """;

  /** At the other end of an interface that only the leases are for. */
  private static final String SERVER =
      """
      set -e
      ip netns add dhcp
      ip link add lease0 type veth peer name server netns dhcp
      ip -n dhcp addr add 10.77.0.1/24 dev server
      ip -n dhcp link set server up
      ip link set lease0 up
      ip netns exec dhcp dnsmasq --no-resolv --no-hosts --port=0 --interface=server --bind-interfaces \
        --dhcp-range=10.77.0.50,10.77.0.99 --dhcp-option=3 --dhcp-option=12,evil
      """;

  private static final String DHCLIENT = "timeout 60 dhclient -1 lease0";
  private static final String DHCPCD = "timeout 60 dhcpcd -1 --nobackground lease0";

  private static final String NETWORKD =
      """
      set -e
      printf '[Match]\\nName=lease0\\n[Network]\\nDHCP=ipv4\\n' >/etc/systemd/network/lease.network
      systemctl start systemd-networkd
      left=60
      until grep -q HOSTNAME=evil /run/systemd/netif/leases/*; do
        left=$((left - 1))
        [ "$left" -gt 0 ]
        sleep 1
      done
      """;

  private static final String NETWORK_MANAGER =
      """
      set -e
      systemctl start NetworkManager
      nmcli connection add type ethernet ifname lease0 con-name lease ipv6.method disabled
      nmcli -w 60 connection up lease
      grep -q host_name=evil /run/NetworkManager/devices/*
      """;

  /** That a lease came, and whose name the host has now. */
  private static final String NAMED = "ip -br addr show lease0 | grep -q 10.77. && hostname";

  private static final String ENDED =
      """
      pkill dhclient
      nmcli connection delete lease
      systemctl stop NetworkManager systemd-networkd.socket systemd-networkd
      rm -f /etc/systemd/network/lease.network
      rm -rf /var/lib/dhcp/*.leases /run/NetworkManager/devices/* /run/systemd/netif/leases/*
      ip addr flush dev lease0
      ip link set lease0 up
      cat /root/resolv.conf >/etc/resolv.conf
      """;

  @Test
  void aLeaseNamesNoHostByItselfAndAHookThatDoesIsNamed() {
    try (var lab = Lab.of(1)) {
      lab.write("names.yml", PLAYBOOK);
      lab.inventory("names.yml", Map.of());
      var node = lab.node(1);
      node.sh(CLIENTS);
      node.sh(SERVER);
      lab.provision().json("apply", "inventory.yml").exits(0);

      for (var client : new String[] {DHCLIENT, DHCPCD, NETWORKD, NETWORK_MANAGER}) {
        assertThat(leased(node, client)).as(client).isEqualTo("n1");
        var second = lab.provision().json("apply", "inventory.yml").exits(0);
        assertThat(second.total("changed")).as(client).isZero();
        node.sh(ENDED + "true");
      }

      var exit = "/etc/dhcp/dhclient-exit-hooks.d/name";
      node.sh("echo '[ -z \"$new_host_name\" ] || hostname \"$new_host_name\"' >" + exit);
      assertThat(leased(node, DHCLIENT)).isEqualTo("evil");
      refused(lab, exit + ":1", "evil", "/var/lib/dhcp/");
      node.sh("rm " + exit);
      setBack(lab);

      var dispatcher = "/etc/NetworkManager/dispatcher.d/20-name";
      node.sh(
          "printf '%s\\n' '#!/bin/sh' '[ \"$2\" != up ] || hostname \"$DHCP4_HOST_NAME\"' >"
              + dispatcher
              + " && chmod 755 "
              + dispatcher);
      var unused = leased(node, NETWORK_MANAGER);
      node.await("name by the hook", "[ \"$(hostname)\" = evil ]");
      refused(lab, dispatcher + ":2", "evil", "/run/NetworkManager/devices/");
      node.sh("rm " + dispatcher);
      setBack(lab);

      node.sh("echo 'env force_hostname=YES' >>/etc/dhcpcd.conf");
      assertThat(leased(node, DHCPCD)).isEqualTo("evil");
      var noted = lab.provision().json("apply", "inventory.yml").exits(0);
      assertThat(noted.text()).contains("/etc/dhcpcd.conf:");
      assertThat(node.sh("hostname").strip()).isEqualTo("n1");
    }
  }

  private static String leased(Node node, String client) {
    node.sh(client);
    return node.sh(NAMED).strip();
  }

  private static void refused(Lab lab, String... words) {
    assertThat(lab.provision().json("plan", "inventory.yml").exits(1).text()).contains(words);
  }

  /** Without its hook: the host gets its own name back, once. */
  private static void setBack(Lab lab) {
    var node = lab.node(1);
    node.sh(ENDED + "true");
    lab.provision().json("apply", "inventory.yml").exits(0);
    assertThat(node.sh("hostname").strip()).isEqualTo("n1");
    assertThat(lab.provision().json("apply", "inventory.yml").exits(0).total("changed")).isZero();
  }
}

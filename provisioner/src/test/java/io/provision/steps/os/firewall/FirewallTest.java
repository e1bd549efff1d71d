package io.provision.steps.os.firewall;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.remote.Frame;
import io.provision.resource.LocalHost;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Question;
import io.provision.steps.os.OnHosts;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class FirewallTest {
  private static final String INVENTORY =
      """
      cluster:
        name: c
        distribution: k3s
        version: v1.36.4+k3s1
      hosts:
        cp1: { address: 10.0.0.1, node_address: 10.0.0.1, roles: [control-plane, storage] }
        w1: { address: 10.0.0.2, node_address: 10.0.0.2, roles: [worker] }
        w2: { address: 10.0.0.3, node_address: 10.0.0.3, roles: [worker] }
      """;

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(strings = {"cp1", "w1"})
  void whatNodesNeedOfEachOtherIsOpenedToNoOneElse(String host) {
    for (var opening : openings(host, "").wanted()) {
      assertThat(opening.isToAll()).as("%s", opening).isEqualTo(opening.port().equals("6443/tcp"));
    }
  }

  @Test
  void eachProtocolHasItsOwnList() {
    assertThat(ports("cp1", "10.0.0.2"))
        .containsExactlyInAnyOrder("10250/tcp", "8472/udp", "24007:24008/tcp", "49152:60999/tcp");
    assertThat(ports("w1", "10.0.0.1")).containsExactlyInAnyOrder("10250/tcp", "8472/udp");
    assertThat(ports("w1", "10.0.0.2")).isEmpty();
    // etcd is of servers alone, and this one has no other
    assertThat(openings("cp1", "").wanted().toString()).doesNotContain("2379");
  }

  @Test
  void peopleReachTheApiAndNamedPortsFromWhereTheInventorySays() {
    var firewall = "firewall: { from: [192.168.1.0/24], ports: [30080, 30000-30010/udp] }\n";
    var wanted = openings("cp1", firewall).wanted();
    assertThat(wanted)
        .contains(
            new Opening("6443/tcp", "192.168.1.0/24"),
            new Opening("6443/tcp", "10.0.0.2"),
            new Opening("30080/tcp", "192.168.1.0/24"),
            new Opening("30000:30010/udp", "192.168.1.0/24"))
        .noneMatch(Opening::isToAll);
    assertThat(openings("w1", firewall).wanted())
        .contains(new Opening("30080/tcp", "192.168.1.0/24"))
        .noneMatch(it -> it.port().equals("6443/tcp"));
  }

  @Test
  void aNetworkOfOneAddressIsThatAddress() {
    assertThat(new Opening("1/tcp", "10.0.0.1/32")).isEqualTo(new Opening("1/tcp", "10.0.0.1"));
    assertThat(new Opening("1/tcp", "fd00::1/128")).isEqualTo(new Opening("1/tcp", "fd00::1"));
    assertThat(new Opening("1/tcp", "fd00::/32").from()).isEqualTo("fd00::/32");
  }

  @Test
  void aHostThatLeavesIsLetInWhileItMayHoldBricks() {
    var target = OnHosts.of("cp1", INVENTORY);
    assertThat(Openings.of(target, addresses(), List.of("10.0.0.9")).wanted())
        .contains(new Opening("24007:24008/tcp", "10.0.0.9"))
        .doesNotContain(new Opening("10250/tcp", "10.0.0.9"));
  }

  @Test
  void ourOlderWideRulesAreNarrowedAndThoseOfOthersStay() {
    var rules =
        ufw(
            "allow tcp 10250 0.0.0.0/0 any 0.0.0.0/0 in comment=70726f766973696f6e",
            "allow tcp 10250 ::/0 any ::/0 in comment=70726f766973696f6e",
            "allow udp 8472 0.0.0.0/0 any 0.0.0.0/0 in comment=6d696e65",
            "allow any any 0.0.0.0/0 any 10.42.0.0/16 in comment=70726f766973696f6e",
            "allow any any 0.0.0.0/0 any 10.43.0.0/16 in comment=70726f766973696f6e");
    var drift = (Check.Drift) check("w1", rules, List.of());
    assertThat(drift.changes())
        .extracting(Change::detail)
        .containsExactlyInAnyOrder(
            new Change.Detail.Value("", "let in 10250/tcp from 10.0.0.1"),
            new Change.Detail.Value("", "let in 10250/tcp from 10.0.0.3"),
            new Change.Detail.Value("let in 10250/tcp from everybody", "no longer everybody"));
  }

  @Test
  void nothingIsClosedWhileAnAddressIsNotKnown() {
    var rules = ufw("allow tcp 2379:2380 0.0.0.0/0 any 0.0.0.0/0 in comment=70726f766973696f6e");
    var drift = (Check.Drift) check("w1", rules, List.of(new HostName("w2")));
    assertThat(drift.changes()).extracting(Change::toString).noneMatch(it -> it.contains("longer"));
    assertThat(drift.notes()).singleElement().asString().contains("w2", "not known");
  }

  @Test
  void whatSomebodyHasOpenedWiderIsEnough() {
    var rules = ufw("allow any any 0.0.0.0/0 any 10.0.0.0/8 in");
    assertThat(check("w1", rules, List.of())).isEqualTo(new Check.InSync());
  }

  @Test
  void aRuleForAHostThatIsGoneIsNamed() {
    var rules =
        ufw(
            "allow any any 0.0.0.0/0 any 10.0.0.0/8 in",
            "allow tcp 10250 0.0.0.0/0 any 10.0.0.7 in comment=70726f766973696f6e");
    assertThat(check("w1", rules, List.of()).notes())
        .singleElement()
        .asString()
        .contains("10250/tcp from 10.0.0.7");
  }

  private static final String ZONES =
      """
      block
        target: %%REJECT%%
        interfaces:
        sources:
        ports:
        rich rules:

      public (active)
        target: default
        interfaces: eth0
        sources:
        services: dhcpv6-client ssh
        ports: 10250/tcp
        rich rules:
      \trule family="ipv4" source address="10.0.0.1" port port="8472" protocol="udp" accept

      trusted (active)
        target: ACCEPT
        sources: 10.42.0.0/16 10.43.0.0/16
        ports:
        rich rules:
      """;

  @Test
  void firewalldIsReadNowAndForTheNextBoot() {
    var both =
        FirewallRules.read(
            new Frame(0, "firewalld\npublic\n== now\n" + ZONES + "\n== boot\n" + ZONES));
    assertThat(both.rules())
        .containsExactlyInAnyOrder(
            Opening.toAll("10250/tcp"),
            new Opening("8472/udp", "10.0.0.1"),
            new Opening("any", "10.42.0.0/16"),
            new Opening("any", "10.43.0.0/16"));
    var changes = ((Check.Drift) check("w1", both, List.of())).changes().toString();
    assertThat(changes)
        .contains("8472/udp from 10.0.0.3", "10250/tcp from 10.0.0.1", "no longer everybody")
        .doesNotContain("8472/udp from 10.0.0.1");

    var notAtBoot = ZONES.replace("ports: 10250/tcp", "ports:").replaceAll("\trule.*", "");
    var now =
        FirewallRules.read(
            new Frame(0, "firewalld\npublic\n== now\n" + ZONES + "\n== boot\n" + notAtBoot));
    assertThat(now.rules()).doesNotContain(new Opening("8472/udp", "10.0.0.1"));
    assertThat(now.ours()).contains(Opening.toAll("10250/tcp"));
  }

  @Test
  void aFirewallThatIsNotActiveIsLeftAloneAndNoneMeansSomethingForGlusterOnce() {
    var said = check("cp1", "");
    assertThat(said).isInstanceOf(Check.InSync.class);
    assertThat(said.notes()).singleElement().asString().contains("GlusterFS has no password");
    assertThat(check("w1", "")).isEqualTo(new Check.InSync());
    assertThat(FirewallRules.read(new Frame(0, ""))).isEqualTo(FirewallRules.NONE);
    assertThat(FirewallRules.read(new Frame(127, "garbage\n\0"))).isEqualTo(FirewallRules.NONE);
  }

  @Test
  void eachChangeIsOneCommandOfTheFirewall() {
    var host = new LocalHost(directory).program("ufw", "printf 'ufw %s\\n' \"$*\"");
    var rules = ufw("allow tcp 10250 0.0.0.0/0 any 0.0.0.0/0 in comment=70726f766973696f6e");
    host.repair(((Check.Drift) check("w1", rules, List.of())).repair());
    assertThat(host.said().lines())
        .contains(
            "ufw allow proto tcp from 10.0.0.1 to any port 10250 comment provision",
            "ufw allow proto udp from 10.0.0.3 to any port 8472 comment provision",
            "ufw allow from 10.42.0.0/16 comment provision",
            "ufw --force delete allow 10250/tcp")
        .last()
        .isEqualTo("ufw --force delete allow 10250/tcp");
  }

  /** As the step itself does, with this answer of the firewall. */
  private static Check check(String host, String answer) {
    var target = OnHosts.of(host, INVENTORY);
    var seen = new Observations.Builder();
    new Firewall().probes(target).questions().forEach(it -> put(it, new Frame(0, answer), seen));
    return new Firewall().check(target, seen.build(), Known.NOTHING);
  }

  private static <A> void put(Question<A> question, Frame frame, Observations.Builder into) {
    into.put(question, question.kind().read(List.of(question), frame).getFirst());
  }

  private static Check check(String host, FirewallRules rules, List<HostName> unknown) {
    return Firewall.check(openings(host, ""), rules, unknown);
  }

  private static FirewallRules ufw(String... rules) {
    var text = new StringBuilder("ufw\n*filter\n");
    for (var rule : rules) {
      text.append("### tuple ### ").append(rule).append("\n-A ufw-user-input -j ACCEPT\n");
    }
    return FirewallRules.read(new Frame(0, text.toString()));
  }

  private static Set<String> ports(String host, String from) {
    return openings(host, "").wanted().stream()
        .filter(it -> it.from().equals(from))
        .map(Opening::port)
        .collect(java.util.stream.Collectors.toSet());
  }

  private static Openings openings(String host, String firewall) {
    return Openings.of(OnHosts.of(host, INVENTORY + firewall), addresses(), List.of());
  }

  private static Map<HostName, NodeAddress> addresses() {
    var addresses = new TreeMap<HostName, NodeAddress>();
    for (var i = 1; i <= 3; i++) {
      addresses.put(new HostName(i == 1 ? "cp1" : "w" + (i - 1)), NodeAddress.parse("10.0.0." + i));
    }
    return addresses;
  }
}

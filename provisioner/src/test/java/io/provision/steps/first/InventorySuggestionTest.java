package io.provision.steps.first;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.model.Role;
import io.provision.model.SshAddress;
import io.provision.model.SshSettings;
import io.provision.remote.Frame;
import io.provision.step.FirstInventory;
import io.provision.step.Observed;
import io.provision.steps.Catalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is suggested of what hosts say of themselves; each time it is a valid inventory. */
final class InventorySuggestionTest {
  private static final Cluster.Distribution K3S = distribution("k3s");
  private static final Cluster.Distribution KUBEADM = distribution("kubeadm");

  private static Cluster.Distribution distribution(String name) {
    return Catalog.areas().distributions().stream()
        .filter(it -> it.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  private final Map<Host, String> hosts = new LinkedHashMap<>();

  private static String machine(String hostname, String... more) {
    return """
    hostname=%s
    architecture=x86_64
    system="Debian GNU/Linux 12 (bookworm)"
    cpus=4
    memory=8000000
    timezone=/usr/share/zoneinfo/Etc/UTC
    %s
    """
        .formatted(hostname, String.join("\n", more));
  }

  private void host(String address, String said) {
    host(address, SshSettings.DEFAULTS, said);
  }

  private void host(String address, SshSettings ssh, String said) {
    var name = new HostName("h%d".formatted(hosts.size() + 1));
    var host =
        new Host(
            name,
            new SshAddress(address),
            Optional.empty(),
            Set.of(),
            Map.of(),
            List.of(),
            ssh,
            Map.of(),
            new Position("typed", 1, 1));
    hosts.put(host, said);
  }

  private FirstInventory suggested(Cluster.Distribution distribution, int controlPlanes) {
    var seen = new LinkedHashMap<HostName, Observed>();
    hosts.forEach((host, said) ->
        seen.put(
            host.name(), Observed.of(FirstLook.MACHINE, MachineFacts.read(new Frame(0, said)))));
    var wish =
        new FirstInventory.Wish(
            "home",
            distribution,
            Optional.empty(),
            controlPlanes,
            "~/.kube/config",
            List.of("host_keys: accept-new"),
            List.copyOf(hosts.keySet()));
    return Catalog.firstInventory(wish, seen);
  }

  private static Inventory loaded(FirstInventory first) {
    return new InventoryLoader(new Surroundings(Map.of(), Path.of("/nonexistent")), Catalog.areas())
        .load(Path.of("inventory.yml"), first.text().getBytes(StandardCharsets.UTF_8))
        .inventory();
  }

  @Test
  void threeMachinesAtHomeAreAControlPlaneAndTwoWorkers() {
    for (var number : List.of(11, 12, 13)) {
      host(
          "192.168.1." + number,
          SshSettings.DEFAULTS.withLogin(Optional.of("admin"), Optional.empty()),
          machine(
              "box" + number,
              "address=eth0 192.168.1.%d/24".formatted(number),
              "route=192.168.1.0/24 eth0",
              "disk=/dev/sdb 1000204886016"));
    }
    var first = suggested(K3S, 1);
    var inventory = loaded(first);
    assertThat(inventory.hosts())
        .extracting(it -> it.name().value())
        .containsExactly("box11", "box12", "box13");
    assertThat(inventory.with(Role.CONTROL_PLANE)).hasSize(1);
    assertThat(inventory.with(Role.WORKER)).hasSize(2);
    var cluster = inventory.cluster().orElseThrow();
    assertThat(cluster.endpoint()).contains("192.168.1.11");
    assertThat(cluster.network().nodeCidr()).hasToString("Optional[192.168.1.0/24]");
    assertThat(cluster.network().podCidr()).hasToString("10.42.0.0/16");
    assertThat(inventory.hosts().getFirst().ssh().user()).contains("admin");
    assertThat(first.text())
        .contains(
            "# Debian GNU/Linux 12 (bookworm), x86_64, 4 CPUs, 7812 MiB, /dev/sdb (1000 GB) is empty")
        .containsOnlyOnce("user: admin");
    assertThat(first.reasons()).isEmpty();
  }

  @Test
  void everyDistributionHasItsVersionAndItsRanges() {
    for (var distribution : Catalog.areas().distributions()) {
      hosts.clear();
      host("192.168.1.1", machine("a", "address=eth0 192.168.1.1/24"));
      var cluster = loaded(suggested(distribution, 1)).cluster().orElseThrow();
      assertThat(cluster.distribution()).isEqualTo(distribution);
      assertThat(cluster.network().podCidr())
          .isEqualTo(distribution.kubernetes().orElseThrow().pods());
    }
  }

  /** Their first interface says the same of all of them, and they are reached by names. */
  @Test
  void underVagrantTheNetworkIsThePrivateOne() {
    for (var number : List.of(1, 2)) {
      host(
          "n" + number,
          machine(
              "debian",
              "address=eth0 10.0.2.15/24",
              "address=eth1 192.168.56.%d/24".formatted(10 + number)));
    }
    var inventory = loaded(suggested(K3S, 1));
    assertThat(inventory.cluster().orElseThrow().network().nodeCidr())
        .hasToString("Optional[192.168.56.0/24]");
    assertThat(inventory.cluster().orElseThrow().endpoint()).contains("192.168.56.11");
    assertThat(inventory.hosts())
        .extracting(it -> it.name().value())
        .containsExactly("debian", "node2");
    assertThat(inventory.hosts().getFirst().address().value()).isEqualTo("n1");
  }

  @Test
  void rangesThatTheHostsReachAreNotTakenForPodsAndServices() {
    host(
        "10.42.7.5",
        machine(
            "a", "address=eth0 10.42.7.5/24", "route=10.43.0.0/17 tun0", "route=10.44.1.0/24 wg0"));
    var first = suggested(K3S, 1);
    var network = loaded(first).cluster().orElseThrow().network();
    assertThat(network.podCidr()).hasToString("10.45.0.0/16");
    assertThat(network.serviceCidr()).hasToString("10.46.0.0/16");
    assertThat(first.text())
        .contains(
            "pod_cidr: 10.45.0.0/16  # 10.42.0.0/16 would overlap with 10.42.7.0/24, which the hosts reach")
        .contains("# 10.43.0.0/16 would overlap with 10.43.0.0/17");
  }

  /** An own network of pods is no reason to give it another. */
  @Test
  void aClusterThatIsThereKeepsItsServerAndItsNetworks() {
    host("192.168.1.1", machine("w", "address=eth0 192.168.1.1/24", "runs=k3s-agent"));
    host(
        "192.168.1.2",
        machine(
            "s",
            "address=eth0 192.168.1.2/24",
            "address=cni0 10.42.0.1/24",
            "route=10.42.0.0/24 cni0",
            "route=10.42.1.0/24 flannel.1",
            "runs=k3s"));
    var first = suggested(K3S, 1);
    var inventory = loaded(first);
    assertThat(inventory.with(Role.CONTROL_PLANE))
        .extracting(it -> it.name().value())
        .containsExactly("s");
    assertThat(inventory.cluster().orElseThrow().network().podCidr()).hasToString("10.42.0.0/16");
    assertThat(first.reasons()).anySatisfy(it -> assertThat(it).contains("s runs k3s"));
    assertThat(loaded(suggested(K3S, 2)).with(Role.CONTROL_PLANE))
        .as("an agent of that cluster would have to leave it first")
        .hasSize(1);
  }

  @Test
  void severalControlPlanesWantAnAddressThatStays() {
    for (var number : List.of(1, 2, 3)) {
      host(
          "192.168.1." + number,
          machine("m" + number, "address=eth0 192.168.1.%d/24".formatted(number)));
    }
    var first = suggested(K3S, 3);
    assertThat(loaded(first).with(Role.CONTROL_PLANE)).hasSize(3);
    assertThat(first.text()).contains("# virtual_ip:");
    assertThat(first.reasons()).anySatisfy(it -> assertThat(it).contains("virtual_ip"));
  }

  @Test
  void hostsWithoutANetworkInCommonSayTheirAddresses() {
    host("a.example.org", machine("a", "address=eth0 192.0.2.7/32"));
    host("b.example.org", machine("b", "address=ens3 198.51.100.9/32"));
    var first = suggested(K3S, 1);
    var inventory = loaded(first);
    assertThat(inventory.hosts())
        .extracting(it -> it.nodeAddress().map(Object::toString))
        .containsExactly(Optional.of("192.0.2.7"), Optional.of("198.51.100.9"));
    assertThat(first.reasons()).anySatisfy(it -> assertThat(it).contains("node_address"));
  }

  @Test
  void withoutKubernetesThereAreHostsOnly() {
    host("192.168.1.1", machine("nas", "address=eth0 192.168.1.1/24"));
    var first = suggested(Cluster.Distribution.NONE, 1);
    assertThat(loaded(first).hosts()).hasSize(1);
    assertThat(first.text()).doesNotContain("roles", "version", "network");
  }

  @Test
  void whateverAHostSaysTheInventoryIsOneAndItsOwn() {
    var answers =
        new ArrayList<>(
            List.of(
                "",
                "garbage\n\u0000\u001b[2J",
                machine("x: }\nhosts: {evil: {}}"),
                machine("localhost", "address=eth0 999.1.1.1/24", "address=eth0 10.0.0.1/99"),
                machine(
                    "-", "runs=x\u0007 }", "disk=/dev/sda 1\ndisk=a b c", "route=unreachable x"),
                machine("UPPER.example.org", "memory=99999999999999999999"),
                "system=\u202e: [\n".repeat(5000)));
    for (var answer : answers) {
      hosts.clear();
      host("192.168.1.1", answer);
      host("192.168.1.2", answer);
      var first = suggested(K3S, 1);
      assertThat(first.text()).doesNotContainPattern("[^\\n -~]");
      assertThat(loaded(first).hosts()).as(answer).hasSize(2);
    }
  }

  /** An upgrade is asked for, and nothing that comes with being taken over. */
  @Test
  void whatIsThereAlreadyKeepsItsVersion() {
    host(
        "192.168.1.1",
        machine("a", "address=eth0 192.168.1.1/24", "runs=k3s", "kubernetes=v1.35.9+k3s1"));
    var first = suggested(K3S, 1);
    assertThat(first.text()).contains("  version: v1.35.9+k3s1  # which is there already");
    assertThat(loaded(first).cluster().orElseThrow().version().orElseThrow())
        .hasToString("v1.35.9+k3s1");
  }

  @Test
  void aVersionOfAnotherDistributionOrOfNobodySaysNothing() {
    host("192.168.1.1", machine("a", "address=eth0 192.168.1.1/24", "kubernetes=v1.35.9"));
    host("192.168.1.2", machine("b", "address=eth0 192.168.1.2/24", "kubernetes=nonsense"));
    assertThat(suggested(K3S, 2).text())
        .contains("  version: " + K3S.kubernetes().orElseThrow().versions().example() + "\n");
  }

  @Test
  void aClusterOfKubeadmThatIsThereKeepsItsNameItsNetworksAndWhoServes() {
    host("10.1.0.11", machine("box11", "address=eth0 10.1.0.11/24", "runs=kubelet"));
    host(
        "10.1.0.12",
        machine(
            "box12",
            "address=eth0 10.1.0.12/24",
            "runs=kubelet",
            "runs=kube-apiserver",
            "kubernetes=v1.36.2",
            "cluster=kubernetes",
            "pods=10.50.0.0/16",
            "services=10.60.0.0/16"));
    var first = suggested(KUBEADM, 1);
    var cluster = loaded(first).cluster().orElseThrow();
    assertThat(cluster.name()).isEqualTo("kubernetes");
    assertThat(cluster.network().podCidr()).hasToString("10.50.0.0/16");
    assertThat(cluster.network().serviceCidr()).hasToString("10.60.0.0/16");
    assertThat(first.text())
        .contains("version: v1.36.2  # which is there already", "endpoint: 10.1.0.12");
    assertThat(loaded(first).hosts())
        .extracting(it -> it.is(Role.CONTROL_PLANE))
        .containsExactly(false, true);
    assertThat(first.reasons().toString()).doesNotContain("--distribution");
    var other = suggested(K3S, 1);
    assertThat(other.text()).contains("name: home").doesNotContain("10.50.0.0");
    assertThat(other.reasons().toString()).contains("init --distribution kubeadm");
  }

  @Test
  void whatIsNoNameOrNoNetworkIsNotSuggested() {
    for (var odd :
        List.of(
            "cluster=A b\npods=10.50.0.0/16\nservices=10.60.0.0/16",
            "cluster=x\npods=10.50.0.0/16,fd00::/56\nservices=10.60.0.0/16",
            "cluster=x\npods=10.50.0.0/16")) {
      hosts.clear();
      host("10.1.0.12", machine("box12", "address=eth0 10.1.0.12/24", odd));
      assertThat(loaded(suggested(KUBEADM, 1)).cluster().orElseThrow().name()).isEqualTo("home");
    }
  }
}

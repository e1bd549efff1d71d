package io.provision.load.foreign;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.load.yaml.InputRefused;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.step.FirstInventory;
import io.provision.steps.Catalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** In the shapes that people's own repositories have; what comes of it is a valid inventory. */
final class ForeignInventoriesTest {
  private static final Map<String, String> USUAL =
      Map.of("k3s", "v1.36.4+k3s1", "kubeadm", "v1.36.2");

  @TempDir Path directory;

  private FirstInventory read(String name, String text) throws IOException {
    var file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
    return new ForeignInventories("home", "~/.kube/config", USUAL::get).read(file);
  }

  private static Inventory loaded(FirstInventory first) {
    return new InventoryLoader(new Surroundings(Map.of(), Path.of("/nonexistent")), Catalog.areas())
        .load(Path.of("inventory.yml"), first.text().getBytes(StandardCharsets.UTF_8))
        .inventory();
  }

  private static List<String> names(List<Host> hosts) {
    return hosts.stream().map(it -> it.name().value()).toList();
  }

  private static List<String> keys(FirstInventory first) {
    return first.reasons().stream().map(it -> it.replaceFirst(".*?'(.*?)' was.*", "$1")).toList();
  }

  @Test
  void kubesprayOfIniWithAllHostsFirstAndGroupsOfOldNames() throws IOException {
    var first =
        read(
            "inventory.ini",
            """
            # made by hand
            [all]
            master-1 ansible_host=192.168.10.11 ip=10.5.0.11 etcd_member_name=etcd1
            Worker_1 ansible_host=192.168.10.21 ip=10.5.0.21 ansible_port=2222   # the old one
            worker-[2:3].lan ansible_ssh_private_key_file='~/my keys/id'

            [kube-master]
            master-1

            [etcd]
            master-1

            [kube-node]
            Worker_1
            worker-[2:3].lan

            [k8s-cluster:children]
            kube-master
            kube-node

            [all:vars]
            ansible_user=ubuntu
            ansible_become=true
            ansible_become_password="hunter2"
            kube_version = v1.36.2
            kube_network_plugin=calico
            proxy_server = 10.144.1.2
            """);
    var inventory = loaded(first);
    var cluster = inventory.cluster().orElseThrow();
    assertThat(cluster.distribution().name()).isEqualTo("kubeadm");
    assertThat(cluster.version()).hasToString("Optional[v1.36.2]");
    assertThat(cluster.network().cni()).hasToString("CALICO");
    assertThat(cluster.endpoint()).contains("10.5.0.11");
    assertThat(cluster.network().podCidr()).as("kubespray's own").hasToString("10.233.64.0/18");
    assertThat(names(inventory.with(Role.CONTROL_PLANE))).containsExactly("master-1");
    assertThat(names(inventory.with(Role.WORKER)))
        .containsExactly("worker-1", "worker-2.lan", "worker-3.lan");
    var worker = inventory.hosts().get(1);
    assertThat(worker.address()).hasToString("192.168.10.21");
    assertThat(worker.nodeAddress()).hasToString("Optional[10.5.0.21]");
    assertThat(worker.ssh().port()).contains(2222);
    assertThat(worker.ssh().user()).contains("ubuntu");
    assertThat(inventory.hosts().get(2).ssh().keys().toString()).contains("my keys/id");
    assertThat(keys(first)).contains("proxy_server", "ansible_become_password");
    assertThat(first.text() + first.reasons()).doesNotContain("hunter2", "10.144.1.2");
    assertThat(first.reasons()).anySatisfy(it -> assertThat(it).contains("inventory.ini:24"));
  }

  @Test
  void kubesprayOfYamlWithVariablesInFilesBeside() throws IOException {
    Files.createDirectories(directory.resolve("group_vars/k8s_cluster"));
    Files.createDirectories(directory.resolve("group_vars/all"));
    Files.createDirectories(directory.resolve("host_vars"));
    Files.writeString(
        directory.resolve("group_vars/k8s_cluster/k8s-cluster.yml"),
        """
        kube_version: 1.36.2
        kube_network_plugin: cilium
        kube_pods_subnet: 10.233.64.0/18
        kube_service_addresses: 10.233.0.0/18
        supplementary_addresses_in_ssl_keys: [api.example.org, 10.0.0.1]
        container_manager: containerd
        kubeconfig_localhost: true
        """);
    Files.writeString(directory.resolve("group_vars/all/all.yml"), "ntp_enabled: false\n");
    Files.writeString(directory.resolve("host_vars/node2.yml"), "ansible_port: 2200\n");
    var first =
        read(
            "hosts.yaml",
            """
            all:
              hosts:
                node1: { ansible_host: 10.79.9.127, ip: 10.79.9.127, access_ip: 10.79.9.127 }
                node2: { ansible_host: 10.79.9.128, ip: 10.79.9.128 }
                node3:
                  ansible_host: 10.79.9.129
              children:
                kube_control_plane:
                  hosts:
                    node1:
                    node2:
                kube_node:
                  hosts: { node1: , node2: , node3:  }
                etcd:
                  hosts: { node1: , node3:  }
                k8s_cluster:
                  children:
                    kube_control_plane:
                    kube_node:
                calico_rr:
                  hosts: {}
            """);
    var inventory = loaded(first);
    var network = inventory.cluster().orElseThrow().network();
    assertThat(network.podCidr()).hasToString("10.233.64.0/18");
    assertThat(network.serviceCidr()).hasToString("10.233.0.0/18");
    assertThat(network.cni()).hasToString("FLANNEL");
    assertThat(inventory.cluster().orElseThrow().tlsSans())
        .containsExactly("api.example.org", "10.0.0.1");
    assertThat(inventory.hosts().getFirst().roles())
        .containsExactlyInAnyOrder(Role.CONTROL_PLANE, Role.WORKER);
    assertThat(names(inventory.with(Role.CONTROL_PLANE))).containsExactly("node1", "node2");
    assertThat(inventory.hosts().get(1).ssh().port()).contains(2200);
    assertThat(keys(first))
        .containsExactlyInAnyOrder(
            "access_ip",
            "kube_network_plugin",
            "container_manager",
            "kubeconfig_localhost",
            "ntp_enabled",
            "node3");
    assertThat(first.reasons())
        .anySatisfy(it -> assertThat(it).contains("etcd runs on control planes alone"));
  }

  @Test
  void k3sAnsibleOfYamlWhoseHostsAreAddresses() throws IOException {
    var first =
        read(
            "inventory.yml",
            """
            ---
            k3s_cluster:
              children:
                server:
                  hosts:
                    10.77.7.101:
                agent:
                  hosts:
                    10.77.7.105:
                    10.77.7.104:
              vars:
                ansible_port: 22
                ansible_user: debian
                ansible_ssh_private_key_file: "{{ inventory_dir }}/id"
                k3s_version: v1.36.4+k3s1
                token: "s3cret-token"
                api_endpoint: "{{ hostvars[groups['server'][0]]['ansible_host'] | default(groups['server'][0]) }}"
                extra_server_args: "--disable traefik,servicelb --tls-san=k3s.example.org --secrets-encryption"
                extra_agent_args: ""
            lb:
              hosts:
                10.9.9.9:
                  traefik_backend_host: 10.9.9.8
            """);
    var inventory = loaded(first);
    assertThat(inventory.cluster().orElseThrow().version()).hasToString("Optional[v1.36.4+k3s1]");
    assertThat(inventory.cluster().orElseThrow().endpoint()).contains("10.77.7.101");
    assertThat(names(inventory.with(Role.CONTROL_PLANE))).containsExactly("node1");
    assertThat(names(inventory.with(Role.WORKER))).containsExactly("node2", "node3");
    assertThat(first.text()).contains("k3s: { disable: [\"traefik\", \"servicelb\"] }");
    assertThat(inventory.cluster().orElseThrow().tlsSans()).containsExactly("k3s.example.org");
    assertThat(keys(first))
        .containsExactlyInAnyOrder(
            "token",
            "api_endpoint",
            "ansible_ssh_private_key_file",
            "--secrets-encryption",
            "10.9.9.9");
    assertThat(first.text() + first.reasons()).doesNotContain("s3cret-token", "{{");
  }

  @Test
  void k3sAnsibleOfIniWithGroupsOfOnesOwnNames() throws IOException {
    var first =
        read(
            "hosts",
            """
            [k3s_control_plane]
            cp-[1:3] ansible_user=pi

            [k3s_cluster:children]
            k3s_control_plane
            k3s_workers

            [k3s_workers]
            w-01 ansible_host=192.168.1.20

            [all:vars]
            k3s_version=v1.36.4+k3s1
            """);
    var inventory = loaded(first);
    assertThat(inventory.with(Role.CONTROL_PLANE)).hasSize(3);
    assertThat(names(inventory.with(Role.WORKER))).containsExactly("w-01");
    assertThat(inventory.hosts().getFirst().address()).hasToString("cp-1");
    assertThat(first.reasons()).isEmpty();
  }

  @Test
  void k3sAnsibleWithArgumentsAsAList() throws IOException {
    var first =
        read(
            "inventory.yml",
            """
            all:
              children:
                k3s_cluster:
                  children:
                    server: { hosts: { cp: { ansible_host: 10.78.8.32 } } }
                    agent: { hosts: { w: { ansible_host: 10.78.8.33 } } }
                nfs_server:
                  hosts: { nas: { ansible_host: 10.78.8.34 } }
                control:
                  hosts: { localhost: { ansible_connection: local } }
              vars:
                k3s_version: v1.36.4+k3s1
                extra_server_args: [ "--secrets-encryption", "--disable", traefik, "--token=-s3cret" ]
            """);
    var inventory = loaded(first);
    assertThat(names(inventory.hosts())).containsExactly("cp", "w");
    assertThat(first.text()).contains("disable: [\"traefik\"]");
    assertThat(keys(first))
        .containsExactlyInAnyOrder("--secrets-encryption --token", "nas", "localhost");
    assertThat(first.text() + first.reasons()).doesNotContain("s3cret");
    assertThat(first.reasons())
        .anySatisfy(it -> assertThat(it).contains("inventory.yml:8:", "no group of nodes"));
  }

  /** As with the many that have its kube-vip and MetalLB. */
  @Test
  void k3sAnsibleWithAVirtualAddressAndPools() throws IOException {
    Files.createDirectories(directory.resolve("group_vars"));
    Files.writeString(
        directory.resolve("group_vars/all.yml"),
        """
        k3s_version: v1.36.4+k3s1
        system_timezone: Europe/Lisbon
        flannel_iface: eth0
        cluster_cidr: 10.52.0.0/16
        apiserver_endpoint: 10.80.4.200
        k3s_token: "98765432109876543210"
        extra_args: >-
          {{ '--flannel-iface=' + flannel_iface }}
        extra_server_args: >-
          {{ extra_args }}
          {{ '--node-taint node-role.kubernetes.io/master=true:NoSchedule' if taint else '' }}
          --tls-san {{ apiserver_endpoint }}
          --disable servicelb
          --disable traefik
        metal_lb_mode: layer2
        metal_lb_ip_range: 10.80.4.180-10.80.4.199
        custom_registries_yaml: |
          configs: { "r.example.org": { auth: { password: hunter2 } } }
        """);
    var first =
        read(
            "hosts.ini",
            """
            [master]
            10.80.4.[11:13]
            [node]
            10.80.4.21
            """);
    var inventory = loaded(first);
    var cluster = inventory.cluster().orElseThrow();
    assertThat(cluster.virtualIp()).hasToString("Optional[10.80.4.200]");
    assertThat(cluster.network().podCidr()).hasToString("10.52.0.0/16");
    assertThat(inventory.with(Role.CONTROL_PLANE)).hasSize(3);
    assertThat(first.text())
        .contains(
            "addresses: [\"10.80.4.180-10.80.4.199\"]",
            "disable: [\"servicelb\", \"traefik\"]",
            "timezone: Europe/Lisbon");
    assertThat(keys(first))
        .containsExactlyInAnyOrder(
            "k3s_token", "extra_args", "metal_lb_mode", "custom_registries_yaml", "--tls-san");
    assertThat(first.text() + first.reasons()).doesNotContain("hunter2", "98765432109876543210");
  }

  @Test
  void k0sctlAndKubeOne() throws IOException {
    var first =
        read(
            "k0sctl.yaml",
            """
            apiVersion: k0sctl.k0sproject.io/v1beta1
            kind: Cluster
            metadata: { name: k0s }
            spec:
              hosts:
                - role: controller+worker
                  ssh: { address: 10.0.0.1, user: root, port: 22, keyPath: ~/.ssh/id_rsa }
                  privateAddress: 10.1.0.1
                  installFlags: [--debug]
                - role: worker
                  hostname: w1
                  ssh: { address: 10.0.0.2 }
              k0s:
                version: v1.36.4+k0s.0
                config:
                  spec:
                    api: { externalAddress: api.example.org, sans: [api.example.org] }
                    network: { podCIDR: 10.244.0.0/16, provider: calico }
            """);
    var inventory = loaded(first);
    assertThat(names(inventory.hosts())).containsExactly("node1", "w1");
    assertThat(inventory.cluster().orElseThrow().endpoint()).contains("api.example.org");
    assertThat(inventory.cluster().orElseThrow().network().podCidr()).hasToString("10.244.0.0/16");
    assertThat(keys(first)).containsExactlyInAnyOrder("installFlags", "version", "provider");

    first =
        read(
            "kubeone.yaml",
            """
            apiVersion: kubeone.k8c.io/v1beta2
            kind: KubeOneCluster
            versions: { kubernetes: 1.36.2 }
            cloudProvider: { none: {} }
            controlPlane:
              hosts:
                - { publicAddress: 1.2.3.4, privateAddress: 172.18.0.1, sshUsername: root, bastion: 4.3.2.1 }
            staticWorkers:
              hosts:
                - { publicAddress: 1.2.3.5, privateAddress: 172.18.0.2, sshPort: 2222 }
            apiEndpoint: { host: 1.2.3.4, port: 6443 }
            """);
    inventory = loaded(first);
    assertThat(inventory.hosts().getFirst().nodeAddress()).hasToString("Optional[172.18.0.1]");
    assertThat(inventory.with(Role.WORKER).getFirst().ssh().port()).isEqualTo(Optional.of(2222));
    assertThat(keys(first)).containsExactlyInAnyOrder("bastion", "cloudProvider");
  }

  @Test
  void whatIsNoneOfTheseIsRefusedByName() {
    for (var text :
        List.of(
            "", "a: b\n", "- 1\n", "all: { hosts: {} }\n", "key: [\n", "\u0000", "kind: Pod\n")) {
      assertThatThrownBy(() -> read("x.yml", text)).as(text).isInstanceOf(InputRefused.class);
    }
    assertThatThrownBy(() -> read("x.ini", "[web]\na\n"))
        .hasMessageContaining("its groups are web");
    for (var text : List.of("", "[group]\n", "[g:vars]\nnothing\n", "h key\n", "h 'open\n")) {
      assertThatThrownBy(() -> read("x.ini", text)).as(text).isInstanceOf(InputRefused.class);
    }
  }

  /** Whatever stands in it, what is written is an inventory and nothing else. */
  @Test
  void hostileValuesAreLeftAndNotWritten() throws IOException {
    var first =
        read(
            "hosts.ini",
            """
            [server]
            a ansible_host="x }, evil: { address: b" ansible_user='$(reboot)' ansible_port=99999
            "b: {}" ansible_host=10.0.0.2
            -c ansible_ssh_private_key_file="a\\"b\u001b[2J"
            [agent]
            a
            [server:children]
            server
            [all:vars]
            k3s_version=latest
            api_endpoint=https://x:6443
            extra_server_args=--disable "x]}" --tls-san "]: {"
            """);
    assertThat(first.text())
        .doesNotContain("evil", "reboot", "99999")
        .doesNotContainPattern("[^\\n -~]");
    assertThat(loaded(first).hosts()).hasSize(3);
    assertThat(keys(first))
        .contains("ansible_host", "ansible_user", "ansible_port", "k3s_version", "api_endpoint");
  }
}

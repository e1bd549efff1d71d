package io.provision.load.foreign;

import io.provision.load.foreign.Carried.Left;
import io.provision.load.foreign.Carried.OneCluster;
import io.provision.load.foreign.Carried.OneHost;
import io.provision.model.Cidr;
import io.provision.model.HostName;
import io.provision.model.Role;
import io.provision.model.SshAddress;
import io.provision.section.Node;
import io.provision.section.Node.Scalar;
import io.provision.section.Node.Sequence;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What kubespray and k3s-ansible mean by an inventory of Ansible.
 *
 * @see <a
 *     href="https://github.com/kubernetes-sigs/kubespray/blob/master/docs/ansible/inventory.md">
 *     groups and variables of kubespray</a>
 * @see <a href="https://github.com/k3s-io/k3s-ansible/blob/master/inventory-sample.yml">of
 *     k3s-ansible</a>
 */
final class AnsibleReader {
  private static final List<String> OF_KUBESPRAY =
      List.of(
          "kube_control_plane",
          "kube-control-plane",
          "kube_master",
          "kube-master",
          "kube_node",
          "kube-node");

  /** As the tools name them, and those who made theirs of these. */
  private static final List<String> SERVERS =
      List.of(
          "kube_control_plane",
          "kube-control-plane",
          "kube_master",
          "kube-master",
          "server",
          "master",
          "masters",
          "control_plane",
          "k3s_control_plane",
          "k3s_master",
          "k3s_masters",
          "k3s_server");

  private static final List<String> AGENTS =
      List.of(
          "kube_node",
          "kube-node",
          "agent",
          "node",
          "nodes",
          "worker",
          "workers",
          "k3s_node",
          "k3s_nodes",
          "k3s_workers",
          "k3s_agent",
          "k3s_agents");

  /** Of kubespray, where its inventory says none; its plugin is calico then. */
  private static final Cidr PODS = Cidr.parse("10.233.64.0/18");

  private static final Cidr SERVICES = Cidr.parse("10.233.0.0/18");

  private static final String SECRET =
      "a secret is written nowhere in plain: set it as ${env:NAME}, ${file:PATH} or ${cmd:[...]}";

  private final AnsibleGroups groups;
  private final List<Left> left = new ArrayList<>();
  private final List<String> disabled = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Set<String> taken = new HashSet<>();

  private AnsibleReader(AnsibleGroups groups) {
    this.groups = groups;
  }

  static Carried of(AnsibleGroups groups) {
    return new AnsibleReader(groups).carried();
  }

  private Carried carried() {
    var isKubespray = OF_KUBESPRAY.stream().anyMatch(groups.groups()::contains);
    var servers = members(SERVERS);
    var agents = members(AGENTS);
    var hosts = new ArrayList<OneHost>();
    for (var name : groups.hosts()) {
      var roles = EnumSet.noneOf(Role.class);
      if (servers.contains(name)) {
        roles.add(Role.CONTROL_PLANE);
      }
      if (agents.contains(name) && isKubespray
          || !servers.contains(name) && agents.contains(name)) {
        roles.add(Role.WORKER);
      }
      var isHere =
          groups.ofHost(name).get("ansible_connection") instanceof Scalar(var how, var _, var _)
              && how.equals("local");
      if (roles.isEmpty() || isHere) {
        var why = isHere ? "it is this machine" : "it is in no group of nodes";
        left.add(new Left(groups.at(name), name, why));
      } else {
        hosts.add(host(name, roles));
      }
      if (groups.members("etcd").contains(name) && !servers.contains(name)) {
        var why = "its member of etcd: here etcd runs on control planes alone";
        left.add(new Left(groups.at(name), name, why));
      }
    }
    var merged = new LinkedHashMap<String, Node>();
    groups.ofGroups().forEach(merged::putAll);
    OF_HOSTS.forEach(merged::remove);
    var all = new ForeignSettings(merged);
    return isKubespray ? kubespray(all, hosts) : k3s(all, hosts);
  }

  private Set<String> members(List<String> some) {
    var members = new LinkedHashSet<String>();
    some.forEach(group -> members.addAll(groups.members(group)));
    return members;
  }

  /** Variables of groups that are each host's. */
  private static final Set<String> OF_HOSTS =
      Set.of(
          "ansible_host",
          "ansible_ssh_host",
          "ansible_user",
          "ansible_ssh_user",
          "ansible_port",
          "ansible_ssh_port",
          "ansible_ssh_private_key_file",
          "ansible_private_key_file",
          "ip",
          "access_ip");

  private OneHost host(String name, Set<Role> roles) {
    var variables = new LinkedHashMap<String, Node>();
    groups
        .ofGroupsOf(name)
        .forEach((key, node) -> {
          if (OF_HOSTS.contains(key)) {
            variables.put(key, node);
          }
        });
    variables.putAll(groups.ofHost(name));
    var own = new ForeignSettings(variables);
    var address = own.address("ansible_host", "ansible_ssh_host");
    var reached = own.nodeAddress("ip");
    var host =
        new OneHost(
            named(name),
            address.or(() -> asAddress(name)),
            reached,
            roles,
            own.user("ansible_user", "ansible_ssh_user"),
            own.port("ansible_port", "ansible_ssh_port"),
            own.text("ansible_ssh_private_key_file", "ansible_private_key_file"));
    common(own);
    own.leave("nodes reach one another by 'node_address' alone", "access_ip");
    left.addAll(own.left());
    return host;
  }

  /** What Ansible itself wants, and this does not. */
  private static void common(ForeignSettings settings) {
    settings.ignore(
        "ansible_python_interpreter",
        "ansible_connection",
        "ansible_become",
        "ansible_become_user",
        "ansible_become_method",
        "etcd_member_name",
        "ansible_host_key_checking");
    settings.leave(
        SECRET,
        "ansible_password",
        "ansible_ssh_pass",
        "ansible_become_password",
        "ansible_become_pass",
        "ansible_sudo_pass");
    settings.leave(
        "see 'ssh.jump' and 'ssh.config'", "ansible_ssh_common_args", "ansible_ssh_extra_args");
  }

  /** Names of hosts are lower-case labels here. */
  private HostName named(String name) {
    var plain =
        name.matches("[0-9.:]+")
            ? "node%d".formatted(taken.size() + 1)
            : name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]", "-");
    var number = 2;
    var free = plain;
    while (!taken.add(free)) {
      free = plain + "-" + number++;
    }
    try {
      return new HostName(free);
    } catch (IllegalArgumentException _) {
      return new HostName("host%d".formatted(taken.size()));
    }
  }

  private static Optional<SshAddress> asAddress(String name) {
    try {
      return Optional.of(new SshAddress(name));
    } catch (IllegalArgumentException _) {
      return Optional.empty();
    }
  }

  private Carried k3s(ForeignSettings all, List<OneHost> hosts) {
    var version = all.version("k3s_version");
    var endpoint = all.name("api_endpoint", "master_ip", "k3s_apiserver_endpoint");
    var virtual = all.nodeAddress("apiserver_endpoint"); // which kube-vip carries
    all.node("extra_server_args").ifPresent(this::flags);
    all.node("extra_agent_args").ifPresent(this::flags);
    all.leave(SECRET + "; a cluster that is there keeps its token", "token", "k3s_token");
    all.leave(
        "see 'k3s' and 'kubelet' in the cluster section",
        "server_config_yaml",
        "agent_config_yaml");
    var pools = pools(all);
    var timezone = all.zone("system_timezone");
    var pods = all.cidr("cluster_cidr");
    common(all);
    all.ignore("systemd_dir", "flannel_iface", "user_kubectl", "cluster_context", "airgap_dir");
    left.addAll(all.left());
    var cluster =
        OneCluster.of("k3s")
            .reached(version, endpoint, virtual)
            .within(Optional.empty(), pods, Optional.empty())
            .with(disabled, names, pools, timezone);
    return new Carried("k3s-ansible", cluster, hosts, left);
  }

  /** The flags of k3s that have a place of their own here. */
  private void flags(Node written) {
    var others = new ArrayList<String>();
    var items = written instanceof Sequence(var some, var _) ? some : List.of(written);
    var text =
        items.stream()
            .map(it -> it instanceof Scalar(var one, var _, var _) ? one : "-?")
            .collect(Collectors.joining(" "));
    var words = List.of(text.strip().split("[\\s=]+"));
    for (var i = 0; i < words.size(); i++) {
      var value = i + 1 < words.size() ? words.get(i + 1) : "";
      switch (words.get(i)) {
        case "" -> {}
        case "--disable" -> {
          List.of(value.split(",")).stream()
              .filter(it -> it.matches("[a-z0-9-]+"))
              .forEach(disabled::add);
          i++;
        }
        case "--tls-san" -> {
          name(value).ifPresent(names::add);
          i++;
        }
        default -> others.add(words.get(i));
      }
    }
    var flags = others.stream().filter(it -> it.startsWith("-")).toList();
    if (!flags.isEmpty()) {
      left.add(
          new Left(
              written.position(),
              String.join(" ", flags),
              "see 'k3s' in the cluster section, which takes k3s' own options"));
    }
  }

  /** As MetalLB takes them here too: ranges, and networks. */
  private List<String> pools(ForeignSettings all) {
    all.leave("its pools are announced by layer 2 here", "metal_lb_type", "metal_lb_mode");
    return all.range("metal_lb_ip_range").map(List::of).orElse(List.of());
  }

  private static Optional<String> name(String text) {
    return Optional.of(text).filter(it -> it.matches("[A-Za-z0-9]([A-Za-z0-9.:-]*[A-Za-z0-9])?"));
  }

  private Carried kubespray(ForeignSettings all, List<OneHost> hosts) {
    var version = all.version("kube_version");
    var cni = all.scalar("kube_network_plugin");
    var known = cni.map(Scalar::text).filter(it -> it.equals("calico") || it.equals("flannel"));
    var pods = all.cidr("kube_pods_subnet");
    var services = all.cidr("kube_service_addresses");
    var domain = all.name("apiserver_loadbalancer_domain_name");
    K0sctlReader.items(all.node("supplementary_addresses_in_ssl_keys"))
        .forEach(item -> {
          if (item instanceof Scalar(var text, var _, var _)) {
            name(text).ifPresent(names::add);
          }
        });
    common(all);
    if (cni.isPresent() && known.isEmpty()) {
      var at = cni.get().position();
      left.add(new Left(at, "kube_network_plugin", "flannel and calico are what there is"));
    }
    all.leave("see 'load_balancer.metallb'", "metallb_enabled", "metallb_config");
    all.leave(
        "the containerd of the host is used, or one of 'container_runtime'", "container_manager");
    left.addAll(all.left());
    var cluster =
        OneCluster.of("kubeadm")
            .reached(version, domain, Optional.empty())
            .within(
                known.or(() -> cni.isPresent() ? Optional.empty() : Optional.of("calico")),
                pods.or(() -> Optional.of(PODS)),
                services.or(() -> Optional.of(SERVICES)))
            .with(List.of(), names, List.of(), Optional.empty());
    return new Carried("kubespray", cluster, hosts, left);
  }
}

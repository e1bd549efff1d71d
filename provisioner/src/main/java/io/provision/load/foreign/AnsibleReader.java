package io.provision.load.foreign;

import io.provision.load.foreign.Carried.Left;
import io.provision.load.foreign.Carried.OneHost;
import io.provision.model.HostName;
import io.provision.model.Role;
import io.provision.model.SshAddress;
import io.provision.section.Node;
import io.provision.section.Node.Scalar;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

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

  static final String SECRET =
      "a secret is written nowhere in plain: set it as ${env:NAME}, ${file:PATH} or ${cmd:[...]}";

  private final AnsibleGroups groups;
  private final List<Left> left = new ArrayList<>();
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
    common(all);
    var cluster =
        isKubespray ? KubesprayVariables.of(all, left) : K3sAnsibleVariables.of(all, left);
    left.addAll(all.left());
    return new Carried(isKubespray ? "kubespray" : "k3s-ansible", cluster, hosts, left);
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
}

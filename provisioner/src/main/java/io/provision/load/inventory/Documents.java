package io.provision.load.inventory;

import io.provision.load.inventory.Grammar.ClusterName;
import io.provision.load.inventory.Grammar.ContextName;
import io.provision.load.inventory.Grammar.DistributionName;
import io.provision.load.inventory.Grammar.Endpoint;
import io.provision.load.inventory.Grammar.GroupName;
import io.provision.load.inventory.Grammar.Jump;
import io.provision.load.inventory.Grammar.LabelKey;
import io.provision.load.inventory.Grammar.LabelValue;
import io.provision.load.inventory.Grammar.Login;
import io.provision.load.inventory.Grammar.MirrorUrl;
import io.provision.load.inventory.Grammar.OpenPort;
import io.provision.load.inventory.Grammar.Port;
import io.provision.load.inventory.Grammar.San;
import io.provision.load.inventory.Grammar.TimeServer;
import io.provision.load.inventory.Grammar.VariableName;
import io.provision.model.Become;
import io.provision.model.Cidr;
import io.provision.model.Cluster.Cni;
import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.model.Role;
import io.provision.model.Secret;
import io.provision.model.Sections;
import io.provision.model.SshAddress;
import io.provision.model.SshKey;
import io.provision.model.SshSettings;
import io.provision.model.Taint;
import io.provision.model.Version;
import io.provision.section.Key;
import io.provision.section.Node.Mapping;
import io.provision.section.SectionEntry;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The inventory as it is written: one record for each mapping, one component for each key. All are
 * optional, so that what is right can be checked although something else is wrong (what must be
 * there is named by REQUIRED); {@link InventoryDraft} makes the model of it once nothing is.
 */
final class Documents {
  private Documents() {}

  record InventoryDocument(
      Mapping source,
      @Key("The cluster that the hosts form. Left out, there are only hosts.")
          Optional<ClusterDocument> cluster,
      @Key(
              value = "How to log in to every host; a host's own ssh: overrides it.",
              example = "{ user: admin }")
          Optional<SshDocument> ssh,
      @Key("The hosts by name.") Optional<Map<HostName, HostDocument>> hosts,
      @Key("Groups of hosts for playbooks, besides all, control-plane, worker and storage.")
          Optional<Map<GroupName, List<HostName>>> groups,
      @Key("Where the clocks get the time. Left out, whatever service a host has keeps its clock.")
          Optional<TimeDocument> time,
      @Key("What an active firewall lets in besides SSH and what nodes need of each other.")
          Optional<FirewallDocument> firewall,
      @Key(
              value = "A playbook that replaces the one that comes with the distribution.",
              usual = "the one that comes with the distribution",
              example = "site.yml")
          Optional<Path> playbook,
      @Key(
              value = "A directory in which binaries and images are looked for first.",
              usual = "PROVISION_ARTIFACTS",
              example = "/srv/artifacts")
          Optional<Path> artifacts,
      @Key("The URL of a mirror with the layout of artifacts.") Optional<MirrorUrl> mirror,
      Sections sections) {
    static final String PLACE = SectionEntry.TOP;
    static final List<String> REQUIRED = List.of("hosts");
  }

  record TimeDocument(
      Mapping source,
      @Key("Time servers by name or address.") Optional<List<TimeServer>> servers,
      @Key("The host that gives the time to all others.") Optional<HostName> from,
      @Key("Leaves the clocks to somebody else.") boolean unmanaged) {}

  record FirewallDocument(
      Mapping source,
      @Key("Networks from which the API and these ports are reached. Left out, from everywhere.")
          Optional<List<Cidr>> from,
      @Key("Ports for people, such as 30080 or 30000-32767/udp.") Optional<List<OpenPort>> ports) {}

  record ClusterDocument(
      Mapping source,
      @Key("The name of the cluster.") Optional<ClusterName> name,
      @Key("What makes the hosts a cluster; none for hosts and storage only.")
          Optional<DistributionName> distribution,
      @Key("The version of the distribution, for example v1.36.4+k3s1.") Optional<Version> version,
      @Key("How people and nodes reach the API: a name or an address; a VIP or a name in HA.")
          Optional<Endpoint> endpoint,
      @Key(
              value =
                  "An address that kube-vip carries among the control planes; endpoint may be left out then.",
              example = "192.168.56.10")
          Optional<NodeAddress> virtualIp,
      @Key(value = "Addresses of the cluster.", example = "{ node_cidr: 192.168.56.0/24 }")
          Optional<NetworkDocument> network,
      @Key(
              value = "What hands out addresses for services.",
              example = "{ metallb: { addresses: 192.168.56.240-192.168.56.250 } }")
          Optional<LoadBalancerDocument> loadBalancer,
      @Key(value = "Storage on the hosts.", example = "{ gluster: { volumes: [] } }")
          Optional<StorageDocument> storage,
      @Key(
              value = "Where the operator's kubeconfig is kept.",
              example = "{ merge_into: ~/.kube/config }")
          Optional<KubeconfigDocument> kubeconfig,
      @Key("More names and addresses for the API server's certificate.")
          Optional<List<San>> tlsSans,
      Sections sections) {
    static final String PLACE = "cluster";
    static final List<String> REQUIRED = List.of("name", "distribution");
  }

  record NetworkDocument(
      Mapping source,
      @Key(value = "The network plugin: flannel or calico.", usual = "flannel") Optional<Cni> cni,
      @Key("Which of a node's addresses is its own.") Optional<Cidr> nodeCidr,
      @Key(
              value = "Where pods get their addresses from.",
              usual = "10.42.0.0/16",
              example = "10.42.0.0/16")
          Optional<Cidr> podCidr,
      @Key(
              value = "Where services get their addresses from.",
              usual = "10.43.0.0/16",
              example = "10.43.0.0/16")
          Optional<Cidr> serviceCidr,
      Sections sections) {
    static final String PLACE = "cluster.network";
  }

  record LoadBalancerDocument(Sections sections) {
    static final String PLACE = "cluster.load_balancer";
  }

  record StorageDocument(Sections sections) {
    static final String PLACE = "cluster.storage";
  }

  record KubeconfigDocument(
      Mapping source,
      @Key(
              value = "The kubeconfig to merge into; ~/.kube/config where nothing is said.",
              usual = "~/.kube/config",
              example = "~/.kube/config")
          Optional<Path> mergeInto,
      @Key(
              value = "The name of the context; the cluster's where nothing is said.",
              usual = "the cluster's name")
          Optional<ContextName> context) {}

  record SshDocument(
      Mapping source,
      @Key(value = "Whom to log in as.", usual = "what ~/.ssh/config says, else your own name")
          Optional<Login> user,
      @Key(value = "The port of the SSH server.", usual = "22, or what ~/.ssh/config says")
          Optional<Port> port,
      @Key(
              value =
                  "Private keys: files, or their text by ${env:NAME}; else the agent, or ~/.ssh/config.",
              usual = "the agent, or what ~/.ssh/config says",
              example = "~/.ssh/id_ed25519")
          Optional<List<SshKey>> key,
      @Key("The passphrase of the keys.") Optional<Secret> passphrase,
      @Key("The password to log in with.") Optional<Secret> password,
      @Key("Jump hosts, [user@]host[:port], several with commas; none for no jump host.")
          Optional<Jump> jump,
      @Key(value = "strict, or accept-new; a changed key is always an error.", usual = "strict")
          Optional<SshSettings.HostKeys> hostKeys,
      @Key(
              value = "The known_hosts file; the user's own where nothing is said.",
              usual = "~/.ssh/known_hosts",
              example = "~/.ssh/known_hosts")
          Optional<Path> knownHosts,
      @Key(
              value = "The ssh_config file; the user's own where nothing is said.",
              usual = "~/.ssh/config",
              example = "~/.ssh/config")
          Optional<Path> config,
      @Key(
              value =
                  "The directory of a Vagrantfile: its machines are reached as 'vagrant ssh-config' says.",
              example = ".")
          Optional<Path> vagrant,
      @Key(
              value = "How long a connection may take as a whole, jump hosts included.",
              usual = "30s, or ConnectTimeout of ~/.ssh/config",
              example = "1m")
          Optional<Duration> timeout,
      @Key(value = "How to become root.", example = "{ method: sudo }")
          Optional<BecomeDocument> become,
      @Key(value = "The SSH library: mina or jsch.", usual = "mina")
          Optional<SshSettings.Library> transport) {}

  record BecomeDocument(
      Mapping source,
      @Key(value = "sudo, doas or none.", usual = "sudo") Optional<Become.Method> method,
      @Key("The password, where sudo asks for one.") Optional<Secret> password) {}

  record HostDocument(
      Mapping source,
      @Key(
              value =
                  "How ssh reaches the host: a name (also from ~/.ssh/config) or an IP address.",
              usual = "the host's own name")
          Optional<SshAddress> address,
      @Key(
              value =
                  "control-plane, worker, storage; worker where there is a cluster and nothing is said.",
              usual = "worker where there is a cluster",
              example = "[worker, storage]")
          Optional<List<Role>> roles,
      @Key("How nodes reach the host, where it cannot be told from node_cidr.")
          Optional<NodeAddress> nodeAddress,
      @Key("Kubernetes labels of the node.") Optional<Map<LabelKey, LabelValue>> labels,
      @Key("Taints of the node, such as dedicated=storage:NoSchedule.")
          Optional<List<Taint>> taints,
      @Key(value = "How to log in, where it is not as to the others.", example = "{ user: admin }")
          Optional<SshDocument> ssh,
      @Key("Values that templates see as host.vars.") Optional<Map<VariableName, Object>> vars,
      @Key("The host leaves the cluster; what goes shows in every plan, and goes by --remove HOST.")
          boolean leaving,
      Sections sections) {
    static final String PLACE = "hosts";
  }
}

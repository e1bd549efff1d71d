package io.provision.load;

import io.provision.load.Grammar.AccessMode;
import io.provision.load.Grammar.BrickCount;
import io.provision.load.Grammar.CheckName;
import io.provision.load.Grammar.ClusterName;
import io.provision.load.Grammar.ContextName;
import io.provision.load.Grammar.DevicePath;
import io.provision.load.Grammar.Endpoint;
import io.provision.load.Grammar.GroupName;
import io.provision.load.Grammar.ImageName;
import io.provision.load.Grammar.Jump;
import io.provision.load.Grammar.LabelKey;
import io.provision.load.Grammar.LabelValue;
import io.provision.load.Grammar.Login;
import io.provision.load.Grammar.MirrorUrl;
import io.provision.load.Grammar.ObjectName;
import io.provision.load.Grammar.OpenPort;
import io.provision.load.Grammar.OptionName;
import io.provision.load.Grammar.Port;
import io.provision.load.Grammar.RemotePath;
import io.provision.load.Grammar.San;
import io.provision.load.Grammar.Size;
import io.provision.load.Grammar.SubPath;
import io.provision.load.Grammar.TimeServer;
import io.provision.load.Grammar.VariableName;
import io.provision.load.Grammar.VolumeName;
import io.provision.load.Node.Mapping;
import io.provision.model.Become;
import io.provision.model.Cidr;
import io.provision.model.Cluster.Cni;
import io.provision.model.Cluster.Distribution;
import io.provision.model.GlusterVolume;
import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.model.Role;
import io.provision.model.Secret;
import io.provision.model.SshAddress;
import io.provision.model.SshKey;
import io.provision.model.SshSettings;
import io.provision.model.Taint;
import io.provision.model.Version;
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
      @Key("How to log in to every host; a host's own ssh: overrides it.")
          Optional<SshDocument> ssh,
      @Key("The hosts by name.") Optional<Map<HostName, HostDocument>> hosts,
      @Key("Groups of hosts for playbooks, besides all, control-plane, worker and storage.")
          Optional<Map<GroupName, List<HostName>>> groups,
      @Key("Where the clocks get the time. Left out, whatever service a host has keeps its clock.")
          Optional<TimeDocument> time,
      @Key("What an active firewall lets in besides SSH and what nodes need of each other.")
          Optional<FirewallDocument> firewall,
      @Key("A playbook that replaces the one that comes with the distribution.")
          Optional<Path> playbook,
      @Key("A directory in which binaries and images are looked for first.")
          Optional<Path> artifacts,
      @Key("The URL of a mirror with the layout of artifacts.") Optional<MirrorUrl> mirror) {
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
      @Key("k3s, kubeadm, or none for hosts and storage only.") Optional<Distribution> distribution,
      @Key("The version of the distribution, for example v1.36.4+k3s1.") Optional<Version> version,
      @Key("How people and nodes reach the API: a name or an address; a VIP or a name in HA.")
          Optional<Endpoint> endpoint,
      @Key("Addresses of the cluster.") Optional<NetworkDocument> network,
      @Key("What hands out addresses for services.") Optional<LoadBalancerDocument> loadBalancer,
      @Key("Storage on the hosts.") Optional<StorageDocument> storage,
      @Key("Where the operator's kubeconfig is kept.") Optional<KubeconfigDocument> kubeconfig,
      @Key(
              "Swap is off wherever there is a Kubernetes; with distribution none only where this says so.")
          Optional<Swap> swap,
      @Key("Settings of the kubelet, as in its KubeletConfiguration.")
          Optional<Map<String, Object>> kubelet,
      @Key("Settings of kube-proxy, as in its KubeProxyConfiguration.")
          Optional<Map<String, Object>> kubeProxy,
      @Key("Settings of containerd.") Optional<Map<String, Object>> containerd,
      @Key("Settings of k3s, as in its config.yaml.") Optional<Map<String, Object>> k3s,
      @Key("Names of preflight checks that may fail.") Optional<List<CheckName>> ignorePreflight,
      @Key("More names and addresses for the API server's certificate.")
          Optional<List<San>> tlsSans,
      @Key("Mirrors and logins of registries, as in k3s's registries.yaml.")
          Optional<Map<String, Object>> registries) {
    static final List<String> REQUIRED = List.of("name", "distribution");
  }

  /** What can be said about swap. */
  enum Swap {
    DISABLED
  }

  record NetworkDocument(
      Mapping source,
      @Key("The network plugin: flannel or calico.") Optional<Cni> cni,
      @Key("Which of a node's addresses is its own.") Optional<Cidr> nodeCidr,
      @Key("Where pods get their addresses from.") Optional<Cidr> podCidr,
      @Key("Where services get their addresses from.") Optional<Cidr> serviceCidr) {}

  record LoadBalancerDocument(@Key("MetalLB in layer 2 mode.") Optional<MetallbDocument> metallb) {}

  record MetallbDocument(
      Mapping source,
      @Key("Ranges to hand out: first-last or CIDR.") Optional<List<AddressRange>> addresses) {
    static final List<String> REQUIRED = List.of("addresses");
  }

  record StorageDocument(
      @Key("GlusterFS on the hosts with role storage.") Optional<GlusterDocument> gluster) {}

  record GlusterDocument(
      Mapping source,
      @Key("The volumes.") Optional<List<VolumeDocument>> volumes,
      @Key("The images that storage classes need, where they are not the usual ones.")
          Optional<StorageImagesDocument> images) {}

  record StorageImagesDocument(
      @Key("local-path-provisioner, v0.0.23 or later.") Optional<ImageName> provisioner,
      @Key("An image with a shell.") Optional<ImageName> helper) {}

  record PersistentVolumeDocument(
      Mapping source,
      @Key("The name of the PersistentVolume.") Optional<ObjectName> name,
      @Key("What Kubernetes believes it to hold, such as 10Gi.") Optional<Size> size,
      @Key("The directory below the mount; its name where nothing is said.") Optional<SubPath> path,
      @Key("The class by which claims find it; none where nothing is said.")
          Optional<ObjectName> storageClass,
      @Key("How nodes may mount it; ReadWriteMany where nothing is said.")
          Optional<List<AccessMode>> accessModes) {
    static final List<String> REQUIRED = List.of("name", "size");
  }

  record VolumeDocument(
      Mapping source,
      @Key("The name of the volume.") Optional<VolumeName> name,
      @Key("replicated (the default), arbiter, distributed or dispersed.")
          Optional<GlusterVolume.Kind> kind,
      @Key("Copies of every file; for dispersed the bricks of a set.") Optional<BrickCount> replica,
      @Key("For dispersed: how many bricks of a set may be lost.") Optional<BrickCount> redundancy,
      @Key("A directory on each storage host, in a file system of its own.")
          Optional<RemotePath> brick,
      @Key("An empty block device to make that file system on.") Optional<DevicePath> brickDevice,
      @Key("The same by host, where the device has another name there.")
          Optional<Map<HostName, DevicePath>> brickDevices,
      @Key("What is made on the device: xfs (the default) or ext4.")
          Optional<GlusterVolume.FileSystem> fileSystem,
      @Key("Where every host of the cluster mounts the volume.") Optional<RemotePath> mount,
      @Key("The hosts that mount it, where not all do.") Optional<List<HostName>> mountOn,
      @Key("A StorageClass that hands out directories of the volume.")
          Optional<ObjectName> storageClass,
      @Key("Whether that is the default StorageClass.") boolean defaultClass,
      @Key("Directories of the volume that Kubernetes knows as PersistentVolumes.")
          Optional<List<PersistentVolumeDocument>> persistentVolumes,
      @Key("Allows the brick to lie on the root file system.") boolean allowRoot,
      @Key("Allows replica 2 without an arbiter, which can split in two halves that disagree.")
          boolean iAcceptSplitBrain,
      @Key("Volume options; only those named here are managed.")
          Optional<Map<OptionName, OptionValue>> options) {
    static final List<String> REQUIRED = List.of("name", "brick");
  }

  record KubeconfigDocument(
      Mapping source,
      @Key("The kubeconfig to merge into; ~/.kube/config where nothing is said.")
          Optional<Path> mergeInto,
      @Key("The name of the context; the cluster's where nothing is said.")
          Optional<ContextName> context) {}

  record SshDocument(
      Mapping source,
      @Key("Whom to log in as.") Optional<Login> user,
      @Key("The port of the SSH server.") Optional<Port> port,
      @Key("Private keys: files, or their text by ${env:NAME}; else the agent, or ~/.ssh/config.")
          Optional<List<SshKey>> key,
      @Key("The passphrase of the keys.") Optional<Secret> passphrase,
      @Key("The password to log in with.") Optional<Secret> password,
      @Key("Jump hosts, [user@]host[:port], several with commas; none for no jump host.")
          Optional<Jump> jump,
      @Key("strict, or accept-new; a changed key is always an error.")
          Optional<SshSettings.HostKeys> hostKeys,
      @Key("The known_hosts file; the user's own where nothing is said.") Optional<Path> knownHosts,
      @Key("The ssh_config file; the user's own where nothing is said.") Optional<Path> config,
      @Key(
              "How long a connection may take as a whole, jump hosts included; 30s, or ConnectTimeout.")
          Optional<Duration> timeout,
      @Key("How to become root.") Optional<BecomeDocument> become,
      @Key("The SSH library: mina or jsch.") Optional<SshSettings.Library> transport) {}

  record BecomeDocument(
      Mapping source,
      @Key("sudo, doas or none.") Optional<Become.Method> method,
      @Key("The password, where sudo asks for one.") Optional<Secret> password) {}

  record HostDocument(
      Mapping source,
      @Key("How ssh reaches the host: a name (also from ~/.ssh/config) or an IP address.")
          Optional<SshAddress> address,
      @Key("control-plane, worker, storage; worker where there is a cluster and nothing is said.")
          Optional<List<Role>> roles,
      @Key("How nodes reach the host, where it cannot be told from node_cidr.")
          Optional<NodeAddress> nodeAddress,
      @Key("Kubernetes labels of the node.") Optional<Map<LabelKey, LabelValue>> labels,
      @Key("Taints of the node, such as dedicated=storage:NoSchedule.")
          Optional<List<Taint>> taints,
      @Key("How to log in, where it is not as to the others.") Optional<SshDocument> ssh,
      @Key("Settings of this host's kubelet.") Optional<Map<String, Object>> kubelet,
      @Key("Settings of this host's kube-proxy.") Optional<Map<String, Object>> kubeProxy,
      @Key("Settings of this host's containerd.") Optional<Map<String, Object>> containerd,
      @Key("Settings of this host's k3s.") Optional<Map<String, Object>> k3s,
      @Key("Values that templates see as host.vars.") Optional<Map<VariableName, Object>> vars) {
    static final List<String> REQUIRED = List.of("address");
  }
}

package io.provision.steps;

import io.provision.model.Cluster;
import io.provision.section.Areas;
import io.provision.section.SectionEntry;
import io.provision.step.Given;
import io.provision.step.SafetyCheck;
import io.provision.step.StatusView;
import io.provision.steps.cni.CalicoAddOn;
import io.provision.steps.cni.CalicoImages;
import io.provision.steps.cni.CalicoManifest;
import io.provision.steps.cni.CalicoNetwork;
import io.provision.steps.cni.CalicoOperator;
import io.provision.steps.cni.CalicoSection;
import io.provision.steps.cni.CalicoView;
import io.provision.steps.cni.Flannel;
import io.provision.steps.cni.FlannelImages;
import io.provision.steps.cni.FlannelManifest;
import io.provision.steps.gluster.brick.GlusterBrick;
import io.provision.steps.gluster.brick.GlusterDisk;
import io.provision.steps.gluster.brick.GlusterServer;
import io.provision.steps.gluster.declared.GlusterSection;
import io.provision.steps.gluster.gate.GlusterGateStep;
import io.provision.steps.gluster.gate.GlusterHealth;
import io.provision.steps.gluster.gate.GlusterSafety;
import io.provision.steps.gluster.leave.GlusterDepartures;
import io.provision.steps.gluster.leave.GlusterDropIn;
import io.provision.steps.gluster.leave.GlusterNames;
import io.provision.steps.gluster.leave.GlusterTrace;
import io.provision.steps.gluster.leave.GlusterUnmount;
import io.provision.steps.gluster.mount.GlusterDirectories;
import io.provision.steps.gluster.mount.GlusterMount;
import io.provision.steps.gluster.pool.GlusterIdentity;
import io.provision.steps.gluster.pool.GlusterPool;
import io.provision.steps.gluster.status.GlusterView;
import io.provision.steps.gluster.volume.GlusterOnline;
import io.provision.steps.gluster.volume.GlusterRebalance;
import io.provision.steps.gluster.volume.GlusterVolumes;
import io.provision.steps.k3s.K3sAgent;
import io.provision.steps.k3s.K3sArtifacts;
import io.provision.steps.k3s.K3sBinary;
import io.provision.steps.k3s.K3sConfig;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.k3s.K3sImages;
import io.provision.steps.k3s.K3sRegistries;
import io.provision.steps.k3s.K3sServer;
import io.provision.steps.k3s.K3sSettings;
import io.provision.steps.k3s.K3sState;
import io.provision.steps.k3s.K3sToken;
import io.provision.steps.k3s.K3sUpgrade;
import io.provision.steps.kubeadm.ContainerRuntime;
import io.provision.steps.kubeadm.IgnorePreflightSection;
import io.provision.steps.kubeadm.KubeadmArtifacts;
import io.provision.steps.kubeadm.KubeadmCertificate;
import io.provision.steps.kubeadm.KubeadmConfig;
import io.provision.steps.kubeadm.KubeadmControlPlane;
import io.provision.steps.kubeadm.KubeadmDistribution;
import io.provision.steps.kubeadm.KubeadmEndpoint;
import io.provision.steps.kubeadm.KubeadmPrograms;
import io.provision.steps.kubeadm.KubeadmRegistries;
import io.provision.steps.kubeadm.KubeadmState;
import io.provision.steps.kubeadm.KubeadmWorker;
import io.provision.steps.kubeadm.Kubelet;
import io.provision.steps.kubeadm.KubernetesImages;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.NodeLabels;
import io.provision.steps.kubernetes.NodePreflight;
import io.provision.steps.kubernetes.NodesReady;
import io.provision.steps.kubernetes.OperatorKubeconfig;
import io.provision.steps.kubernetes.StoppedServers;
import io.provision.steps.kubernetes.addon.AddOns;
import io.provision.steps.kubernetes.addon.AddOnsLeft;
import io.provision.steps.kubernetes.addon.AddOnsPinned;
import io.provision.steps.kubernetes.dns.ClusterDns;
import io.provision.steps.kubernetes.dns.DnsSpread;
import io.provision.steps.kubernetes.images.ImageArtifacts;
import io.provision.steps.kubernetes.images.ImageSources;
import io.provision.steps.kubernetes.images.NodeImages;
import io.provision.steps.kubernetes.images.RegistriesSection;
import io.provision.steps.kubernetes.registration.NodeRegistered;
import io.provision.steps.kubernetes.status.KubernetesView;
import io.provision.steps.kubevip.KubeVip;
import io.provision.steps.kubevip.KubeVipAddOn;
import io.provision.steps.kubevip.KubeVipImages;
import io.provision.steps.metallb.Metallb;
import io.provision.steps.metallb.MetallbAddOn;
import io.provision.steps.metallb.MetallbAnswers;
import io.provision.steps.metallb.MetallbImages;
import io.provision.steps.metallb.MetallbManifest;
import io.provision.steps.metallb.MetallbPools;
import io.provision.steps.metallb.MetallbSection;
import io.provision.steps.metallb.MetallbView;
import io.provision.steps.os.AbsentStep;
import io.provision.steps.os.CommandStep;
import io.provision.steps.os.DirectoryStep;
import io.provision.steps.os.FileStep;
import io.provision.steps.os.FilesStep;
import io.provision.steps.os.FirstBoot;
import io.provision.steps.os.HostFacts;
import io.provision.steps.os.Hostname;
import io.provision.steps.os.HostsEntries;
import io.provision.steps.os.HostsFile;
import io.provision.steps.os.KernelModules;
import io.provision.steps.os.NodeAddressStep;
import io.provision.steps.os.PackagesStep;
import io.provision.steps.os.RebootIfRequired;
import io.provision.steps.os.Sysctls;
import io.provision.steps.os.TemplateStep;
import io.provision.steps.os.UnitStep;
import io.provision.steps.os.UserStep;
import io.provision.steps.os.clock.ClockSync;
import io.provision.steps.os.firewall.Firewall;
import io.provision.steps.os.swap.SwapOff;
import io.provision.steps.os.swap.SwapSection;
import io.provision.steps.storage.GlusterPersistentVolumes;
import io.provision.steps.storage.GlusterStorageClass;
import io.provision.steps.storage.ManifestStep;
import io.provision.steps.storage.StorageImages;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** All steps there are: one line a step. */
public final class Catalog {
  private static final SortedMap<String, Entry> ENTRIES =
      all(
          entry(
              "cluster-dns",
              ClusterDns.class,
              "Waits until the cluster's DNS answers on every node."),
          entry(
              "dns-spread",
              DnsSpread.class,
              "Moves pods of CoreDNS where all of them run on one of several nodes."),
          entry(
              "add-ons-left",
              AddOnsLeft.class,
              "Removes from the cluster what left the inventory, where --remove names it."),
          entry(
              "add-ons-pinned",
              AddOnsPinned.class,
              "Names what left the inventory and was brought into the cluster from here."),
          entry("absent", AbsentStep.class, "Removes what is at these paths."),
          entry(
              "calico",
              CalicoNetwork.class,
              "Has Calico make the network of pods, and waits until it is there."),
          entry(
              "calico-manifest",
              CalicoManifest.class,
              "Downloads, checks and pins the manifests of Calico on this machine."),
          entry(
              "calico-operator",
              CalicoOperator.class,
              "Runs Calico's operator, as it is published."),
          entry(
              "command",
              CommandStep.class,
              "Runs a program where its guard says that it is still to be run."),
          entry(
              "container-runtime",
              ContainerRuntime.class,
              "Configures and runs containerd; restarts when its files change."),
          entry("directory", DirectoryStep.class, "Makes a directory with its mode and owner."),
          entry("file", FileStep.class, "Writes a file with its content, mode and owner."),
          entry("files", FilesStep.class, "Copies all files of a directory beside the playbook."),
          entry("clock-sync", ClockSync.class, "Keeps the clock in sync with a time server."),
          entry("first-boot", FirstBoot.class, "Waits until cloud-init has set the machine up."),
          entry(
              "firewall",
              Firewall.class,
              "Opens the ports that the roles need in an active firewall."),
          entry("flannel", Flannel.class, "Applies the network of pods to the cluster."),
          entry(
              "flannel-manifest",
              FlannelManifest.class,
              "Pins flannel's manifest on this machine."),
          entry("gluster-server", GlusterServer.class, "Installs and starts glusterd."),
          entry(
              "gluster-identity",
              GlusterIdentity.class,
              "Checks that no two storage hosts have the same UUID."),
          entry(
              "gluster-pool", GlusterPool.class, "Joins all storage hosts into one trusted pool."),
          entry(
              "gluster-disk",
              GlusterDisk.class,
              "Makes and mounts the file systems of brick devices."),
          entry(
              "gluster-departures",
              GlusterDepartures.class,
              "Removes hosts and volumes that left the inventory, where --remove names them."),
          entry(
              "gluster-names",
              GlusterNames.class,
              "Keeps /etc/hosts lines of hosts that are still in the pool."),
          entry(
              "gluster-drop-in",
              GlusterDropIn.class,
              "Removes our settings of glusterd where a host left the pool."),
          entry(
              "gluster-trace",
              GlusterTrace.class,
              "Finds what left the inventory; changes nothing."),
          entry(
              "gluster-unmount",
              GlusterUnmount.class,
              "Unmounts volumes that left the inventory, where --remove names them."),
          entry("gluster-brick", GlusterBrick.class, "Makes the directories of bricks."),
          entry(
              "gluster-health",
              GlusterHealth.class,
              "Reads the state of pool and volumes; changes nothing."),
          entry(
              "gluster-gate",
              GlusterGateStep.class,
              "Checks that GlusterFS is healthy, also without a host; changes nothing."),
          entry(
              "gluster-volume",
              GlusterVolumes.class,
              "Creates and starts volumes, and sets their options."),
          entry(
              "gluster-online",
              GlusterOnline.class,
              "Starts bricks and self-heal daemons that are down."),
          entry(
              "gluster-rebalance",
              GlusterRebalance.class,
              "Moves files to bricks that were added."),
          entry(
              "gluster-storage-class",
              GlusterStorageClass.class,
              "Provides storage classes on mounted volumes, writable from every node."),
          entry(
              "gluster-persistent-volumes",
              GlusterPersistentVolumes.class,
              "Declares directories of mounted volumes as PersistentVolumes."),
          entry(
              "gluster-directories",
              GlusterDirectories.class,
              "Makes the directories of declared PersistentVolumes in the volume."),
          entry("gluster-mount", GlusterMount.class, "Mounts volumes, now and at boot."),
          entry(
              "host-facts",
              HostFacts.class,
              "Checks for Debian or Ubuntu with systemd; changes nothing."),
          entry("hostname", Hostname.class, "Sets the hostname to the one in the inventory."),
          entry("hosts-entries", HostsEntries.class, "Adds lines to /etc/hosts."),
          entry("hosts-file", HostsFile.class, "Lists all hosts of the inventory in /etc/hosts."),
          entry(
              "k3s-agent", K3sAgent.class, "Runs k3s as an agent; restarts when its files change."),
          entry(
              "k3s-artifacts",
              K3sArtifacts.class,
              "Downloads, checks and pins k3s on this machine."),
          entry("k3s-binary", K3sBinary.class, "Installs the k3s program of the declared version."),
          entry("k3s-config", K3sConfig.class, "Writes config.yaml of k3s from the inventory."),
          entry(
              "k3s-images",
              K3sImages.class,
              "Loads the images of k3s, where the artifact directory has them."),
          entry(
              "k3s-registries",
              K3sRegistries.class,
              "Configures mirrors and logins of image registries."),
          entry(
              "k3s-server",
              K3sServer.class,
              "Runs k3s as a server until it answers; restarts when its files change."),
          entry(
              "k3s-settings",
              K3sSettings.class,
              "Writes settings of kubelet, kube-proxy and containerd to files that k3s reads."),
          entry("k3s-state", K3sState.class, "Reads what k3s is on the host now; changes nothing."),
          entry(
              "k3s-token",
              K3sToken.class,
              "Writes the tokens that nodes join with, readable by root only."),
          entry(
              "k3s-upgrade",
              K3sUpgrade.class,
              "Drains and upgrades nodes that run an older k3s, one by one."),
          entry(
              "image-artifacts",
              ImageArtifacts.class,
              "Pins archives of images, where the artifact directory has them."),
          entry(
              "kube-vip",
              KubeVip.class,
              "Carries the virtual address of the control plane among the servers."),
          entry("kernel-modules", KernelModules.class, "Loads kernel modules, now and at boot."),
          entry(
              "kubeadm-artifacts",
              KubeadmArtifacts.class,
              "Checks and pins the programs of Kubernetes and images on this machine."),
          entry(
              "kubeadm-config",
              KubeadmConfig.class,
              "Writes the configuration that kubeadm is called with."),
          entry(
              "kubeadm-control-plane",
              KubeadmControlPlane.class,
              "Begins the cluster, and waits until its API server answers."),
          entry(
              "kubeadm-endpoint",
              KubeadmEndpoint.class,
              "Lists the name of the API in /etc/hosts, where the inventory gives none."),
          entry(
              "kubeadm-programs",
              KubeadmPrograms.class,
              "Installs kubeadm, kubelet and kubectl of the declared version."),
          entry(
              "kubeadm-registries",
              KubeadmRegistries.class,
              "Configures mirrors of image registries, and whom they are trusted by."),
          entry(
              "kubeadm-state",
              KubeadmState.class,
              "Reads what kubeadm has made of the host; changes nothing."),
          entry(
              "kubeadm-certificate",
              KubeadmCertificate.class,
              "Has the API server's certificate name all that the inventory names."),
          entry("kubeadm-worker", KubeadmWorker.class, "Joins the host to the cluster."),
          entry("kubelet", Kubelet.class, "Runs the kubelet; restarts when its files change."),
          entry(
              "kubeconfig",
              OperatorKubeconfig.class,
              "Merges the cluster into the operator's kubeconfig."),
          entry(
              "manifest", ManifestStep.class, "Applies the objects of a YAML file to the cluster."),
          entry(
              "metallb-manifest",
              MetallbManifest.class,
              "Downloads, checks and pins the manifest of MetalLB on this machine."),
          entry("metallb", Metallb.class, "Runs MetalLB, as its publisher has it."),
          entry(
              "metallb-answers",
              MetallbAnswers.class,
              "Asks addresses of services from this machine; changes nothing."),
          entry(
              "metallb-pools",
              MetallbPools.class,
              "Gives MetalLB the addresses of the inventory, announced in layer 2."),
          entry(
              "node-address",
              NodeAddressStep.class,
              "Finds the address by which nodes reach this one; changes nothing."),
          entry(
              "node-images",
              NodeImages.class,
              "Loads the images of what the cluster runs, where the artifact directory has them."),
          entry("node-labels", NodeLabels.class, "Sets labels and taints of the nodes."),
          entry(
              "node-registered",
              NodeRegistered.class,
              "Waits until the cluster hears of a server's own kubelet; without it says why."),
          entry(
              "nodes-ready",
              NodesReady.class,
              "Waits until every node is Ready, with its right address."),
          entry(
              "node-preflight",
              NodePreflight.class,
              "Checks what a node needs of its host before anything is installed; changes nothing."),
          entry("packages", PackagesStep.class, "Installs packages of the system, by apt or dnf."),
          entry(
              "reboot-if-required",
              RebootIfRequired.class,
              "Reboots a host without a role that says that it wants it, and comes back to it."),
          entry(
              "stopped-servers",
              StoppedServers.class,
              "Starts servers of the cluster that do not run, all at once."),
          entry("swap-off", SwapOff.class, "Turns swap off, now and at boot."),
          entry("sysctl", Sysctls.class, "Sets kernel parameters, now and at boot."),
          entry("template", TemplateStep.class, "Renders a template to a file."),
          entry("unit", UnitStep.class, "Runs a systemd unit; restarts when its files change."),
          entry("user", UserStep.class, "Creates a user with shell, groups and keys."));

  /** One line a section of the inventory that an area has. */
  private static final List<SectionEntry> SECTIONS =
      List.of(
          new SectionEntry(
              "cluster.network", "calico", CalicoSection.class, "Calico, where cni names it."),
          new SectionEntry(
              "cluster.load_balancer", "metallb", MetallbSection.class, "MetalLB in layer 2 mode."),
          new SectionEntry(
              "cluster.storage",
              "gluster",
              GlusterSection.class,
              "GlusterFS on the hosts with role storage."),
          new SectionEntry(
              "cluster",
              "ignore_preflight",
              IgnorePreflightSection.class,
              "Names of preflight checks that may fail."),
          new SectionEntry(
              "cluster",
              "registries",
              RegistriesSection.class,
              "Mirrors and logins of registries, as in k3s's registries.yaml.",
              "{ mirrors: { docker.io: { endpoint: https://r.home } } }"),
          new SectionEntry(
              "cluster",
              "swap",
              SwapSection.class,
              "Swap of the hosts: disabled, as a Kubernetes has it where nothing is said, or allowed, which leaves it and has the kubelet run with it."));

  /** One line a distribution of Kubernetes. */
  private static final Distributions DISTRIBUTIONS =
      Distributions.of(List.of(new K3sDistribution(), new KubeadmDistribution()));

  /** One line for each thing that a cluster can run. */
  private static final AddOns ADD_ONS =
      new AddOns(List.of(new MetallbAddOn(), new KubeVipAddOn(), new CalicoAddOn()));

  /** One line for the images of each thing that a cluster runs. */
  private static final ImageSources IMAGES =
      new ImageSources(
          List.of(
              new StorageImages(),
              new MetallbImages(),
              new KubeVipImages(),
              new KubernetesImages(),
              new FlannelImages(),
              new CalicoImages()));

  /**
   * A step of a playbook.
   *
   * @param type the record whose components are its parameters
   * @param doc one sentence for an operator: what the step does
   */
  public record Entry(Class<? extends Record> type, String doc) {}

  private Catalog() {}

  /** All steps by the names that playbooks use. */
  public static Map<String, Entry> entries() {
    return ENTRIES;
  }

  /** The records of all steps by their names. */
  public static Map<String, Class<? extends Record>> types() {
    var types = new TreeMap<String, Class<? extends Record>>();
    ENTRIES.forEach((name, entry) -> types.put(name, entry.type()));
    return types;
  }

  /** What areas have in an inventory. */
  public static Areas areas() {
    return new Areas(
        SECTIONS,
        DISTRIBUTIONS.all().keySet().stream()
            .sorted(Comparator.comparing(Cluster.Distribution::name))
            .toList());
  }

  /** What steps have of the program, besides what playbooks write. */
  public static List<Given> given() {
    return List.of(DISTRIBUTIONS, IMAGES, ADD_ONS);
  }

  /**
   * What areas add to the screen of a status: one line an area, in the order of its tables. Made
   * when asked for, since no other command shows them.
   */
  public static List<StatusView> views() {
    return List.of(new KubernetesView(), new CalicoView(), new MetallbView(), new GlusterView());
  }

  /** What `gluster check` asks. */
  public static SafetyCheck gluster() {
    return new GlusterSafety();
  }

  private static Map.Entry<String, Entry> entry(
      String name, Class<? extends Record> type, String doc) {
    return Map.entry(name, new Entry(type, doc));
  }

  @SafeVarargs
  private static SortedMap<String, Entry> all(Map.Entry<String, Entry>... entries) {
    var all = new TreeMap<String, Entry>();
    for (var entry : entries) {
      if (all.put(entry.getKey(), entry.getValue()) != null) {
        throw new IllegalStateException("two steps are called " + entry.getKey());
      }
    }
    return Collections.unmodifiableSortedMap(all);
  }
}

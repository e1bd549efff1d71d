package io.provision.steps;

import io.provision.steps.gluster.GlusterBrick;
import io.provision.steps.gluster.GlusterDepartures;
import io.provision.steps.gluster.GlusterDirectories;
import io.provision.steps.gluster.GlusterDisk;
import io.provision.steps.gluster.GlusterGateStep;
import io.provision.steps.gluster.GlusterHealth;
import io.provision.steps.gluster.GlusterIdentity;
import io.provision.steps.gluster.GlusterMount;
import io.provision.steps.gluster.GlusterNames;
import io.provision.steps.gluster.GlusterOnline;
import io.provision.steps.gluster.GlusterPool;
import io.provision.steps.gluster.GlusterRebalance;
import io.provision.steps.gluster.GlusterServer;
import io.provision.steps.gluster.GlusterTrace;
import io.provision.steps.gluster.GlusterUnmount;
import io.provision.steps.gluster.GlusterVolumes;
import io.provision.steps.k3s.K3sAgent;
import io.provision.steps.k3s.K3sArtifacts;
import io.provision.steps.k3s.K3sBinary;
import io.provision.steps.k3s.K3sConfig;
import io.provision.steps.k3s.K3sDrainAccount;
import io.provision.steps.k3s.K3sImages;
import io.provision.steps.k3s.K3sReady;
import io.provision.steps.k3s.K3sRegistries;
import io.provision.steps.k3s.K3sServer;
import io.provision.steps.k3s.K3sSettings;
import io.provision.steps.k3s.K3sState;
import io.provision.steps.k3s.K3sStorageArtifacts;
import io.provision.steps.k3s.K3sStorageImages;
import io.provision.steps.k3s.K3sToken;
import io.provision.steps.k3s.K3sUpgrade;
import io.provision.steps.k3s.Kubeconfig;
import io.provision.steps.k3s.NodeLabels;
import io.provision.steps.os.AbsentStep;
import io.provision.steps.os.ClockSync;
import io.provision.steps.os.CommandStep;
import io.provision.steps.os.DirectoryStep;
import io.provision.steps.os.FileStep;
import io.provision.steps.os.FilesStep;
import io.provision.steps.os.Firewall;
import io.provision.steps.os.HostFacts;
import io.provision.steps.os.Hostname;
import io.provision.steps.os.HostsEntries;
import io.provision.steps.os.HostsFile;
import io.provision.steps.os.KernelModules;
import io.provision.steps.os.NodeAddressStep;
import io.provision.steps.os.PackagesStep;
import io.provision.steps.os.SwapOff;
import io.provision.steps.os.Sysctls;
import io.provision.steps.os.TemplateStep;
import io.provision.steps.os.UnitStep;
import io.provision.steps.os.UserStep;
import io.provision.steps.storage.GlusterPersistentVolumes;
import io.provision.steps.storage.GlusterStorageClass;
import io.provision.steps.storage.ManifestStep;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** All steps there are: one line a step. */
public final class Catalog {
  private static final SortedMap<String, Entry> ENTRIES =
      all(
          entry("absent", AbsentStep.class, "Nothing is at these paths."),
          entry("command", CommandStep.class, "A program was run, as its guard says."),
          entry("directory", DirectoryStep.class, "A directory with its mode and owner."),
          entry("file", FileStep.class, "A file with this content, mode and owner."),
          entry("files", FilesStep.class, "All files of a directory beside the playbook."),
          entry("clock-sync", ClockSync.class, "The clock follows a time server."),
          entry("firewall", Firewall.class, "An active firewall lets in what the roles need."),
          entry("gluster-server", GlusterServer.class, "The gluster daemon is there and runs."),
          entry("gluster-identity", GlusterIdentity.class, "No two storage hosts have one UUID."),
          entry("gluster-pool", GlusterPool.class, "All storage hosts are one trusted pool."),
          entry("gluster-disk", GlusterDisk.class, "Devices of bricks carry a file system."),
          entry(
              "gluster-departures",
              GlusterDepartures.class,
              "Hosts and volumes that left the inventory are out of the pool, if --remove says so."),
          entry(
              "gluster-names", GlusterNames.class, "/etc/hosts names hosts that are in the pool."),
          entry("gluster-trace", GlusterTrace.class, "What left the inventory; changes nothing."),
          entry(
              "gluster-unmount",
              GlusterUnmount.class,
              "Volumes that left the inventory are mounted nowhere, if --remove says so."),
          entry("gluster-brick", GlusterBrick.class, "The directories of bricks are there."),
          entry("gluster-health", GlusterHealth.class, "What the gate needs; changes nothing."),
          entry(
              "gluster-gate",
              GlusterGateStep.class,
              "All of GlusterFS is whole, also without a host; changes nothing."),
          entry("gluster-volume", GlusterVolumes.class, "Volumes are there and started."),
          entry("gluster-online", GlusterOnline.class, "Bricks and self-heal daemons run."),
          entry("gluster-rebalance", GlusterRebalance.class, "Files are moved to added bricks."),
          entry(
              "gluster-storage-class",
              GlusterStorageClass.class,
              "Storage classes on mounted volumes, written from every node."),
          entry(
              "gluster-persistent-volumes",
              GlusterPersistentVolumes.class,
              "Directories of mounted volumes as PersistentVolumes."),
          entry(
              "gluster-directories",
              GlusterDirectories.class,
              "The directories of declared PersistentVolumes are in the volume."),
          entry("gluster-mount", GlusterMount.class, "Volumes are mounted, now and at boot."),
          entry(
              "host-facts",
              HostFacts.class,
              "A Debian or Ubuntu host with systemd; changes nothing."),
          entry("hostname", Hostname.class, "The host is called as in the inventory."),
          entry("hosts-entries", HostsEntries.class, "Further lines of /etc/hosts."),
          entry("hosts-file", HostsFile.class, "All hosts of the inventory in /etc/hosts."),
          entry(
              "k3s-agent", K3sAgent.class, "k3s runs as an agent, with the files that are there."),
          entry("k3s-artifacts", K3sArtifacts.class, "k3s is fetched, checked and pinned here."),
          entry("k3s-binary", K3sBinary.class, "The k3s program of this version."),
          entry("k3s-config", K3sConfig.class, "config.yaml of k3s, as the inventory says."),
          entry(
              "k3s-drain-account", K3sDrainAccount.class, "Agents can be drained for an upgrade."),
          entry("k3s-images", K3sImages.class, "The images of k3s, where the operator has them."),
          entry("k3s-ready", K3sReady.class, "Every node is Ready, with its right address."),
          entry("k3s-registries", K3sRegistries.class, "Mirrors and logins of image registries."),
          entry(
              "k3s-settings",
              K3sSettings.class,
              "Settings of kubelet, kube-proxy and containerd, in files that k3s has them read."),
          entry("k3s-server", K3sServer.class, "k3s runs as a server, and answers."),
          entry("k3s-state", K3sState.class, "What k3s is on the host now; changes nothing."),
          entry(
              "k3s-storage-artifacts",
              K3sStorageArtifacts.class,
              "The images of storage classes, where the operator has them, are pinned here."),
          entry(
              "k3s-storage-images",
              K3sStorageImages.class,
              "The images of storage classes, where the operator has them."),
          entry("k3s-token", K3sToken.class, "The tokens by which nodes join, for root alone."),
          entry("k3s-upgrade", K3sUpgrade.class, "No node runs an older k3s; drained one by one."),
          entry("kernel-modules", KernelModules.class, "Kernel modules, loaded now and at boot."),
          entry("kubeconfig", Kubeconfig.class, "The cluster is in the operator's kubeconfig."),
          entry("manifest", ManifestStep.class, "The objects of a YAML file are in the cluster."),
          entry(
              "node-address", NodeAddressStep.class, "How nodes reach this one; changes nothing."),
          entry("node-labels", NodeLabels.class, "Labels and taints on the nodes."),
          entry("packages", PackagesStep.class, "Debian packages are installed."),
          entry("swap-off", SwapOff.class, "No swap, now and after a boot."),
          entry("sysctl", Sysctls.class, "Kernel parameters, set now and at boot."),
          entry("template", TemplateStep.class, "A file that a template gives."),
          entry("unit", UnitStep.class, "A unit of systemd runs, with the files that are there."),
          entry("user", UserStep.class, "A user with shell, groups and keys."));

  /**
   * A step of a playbook.
   *
   * @param type the record whose components are its parameters
   * @param doc one sentence for an operator: what is so once it is done
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

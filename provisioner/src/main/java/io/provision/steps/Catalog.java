package io.provision.steps;

import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.rotation.RotationChoice;
import io.provision.section.Areas;
import io.provision.step.Absences;
import io.provision.step.Area;
import io.provision.step.ClusterLook;
import io.provision.step.ExpiryView;
import io.provision.step.FirstInventory;
import io.provision.step.Given;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Repair;
import io.provision.step.SafetyCheck;
import io.provision.step.StatusView;
import io.provision.step.Step;
import io.provision.step.StepEntry;
import io.provision.step.Target;
import io.provision.step.datastore.Datastore;
import io.provision.step.doctor.Doctor;
import io.provision.step.outage.Outages;
import io.provision.step.outage.VolumeWatch;
import io.provision.steps.cni.CalicoAddOn;
import io.provision.steps.cni.CalicoImages;
import io.provision.steps.cni.CalicoView;
import io.provision.steps.cni.CniArea;
import io.provision.steps.cni.FlannelImages;
import io.provision.steps.doctor.HostsDoctor;
import io.provision.steps.first.FirstLook;
import io.provision.steps.first.InventorySuggestion;
import io.provision.steps.gluster.GlusterArea;
import io.provision.steps.gluster.absence.GlusterAbsence;
import io.provision.steps.gluster.absence.GlusterOutage;
import io.provision.steps.gluster.gate.GlusterSafety;
import io.provision.steps.gluster.mount.MountWatch;
import io.provision.steps.gluster.status.GlusterView;
import io.provision.steps.k3s.K3sArea;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.kubeadm.KubeadmArea;
import io.provision.steps.kubeadm.KubeadmDistribution;
import io.provision.steps.kubeadm.KubernetesImages;
import io.provision.steps.kubeadm.absence.KubeadmAbsence;
import io.provision.steps.kubeadm.apiserver.KubeadmApiServerArea;
import io.provision.steps.kubernetes.Distribution;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.KubernetesArea;
import io.provision.steps.kubernetes.access.AccessArea;
import io.provision.steps.kubernetes.addon.AddOnArea;
import io.provision.steps.kubernetes.addon.AddOns;
import io.provision.steps.kubernetes.apiserver.ApiServerArea;
import io.provision.steps.kubernetes.certificates.CertificatesArea;
import io.provision.steps.kubernetes.certificates.CertificatesView;
import io.provision.steps.kubernetes.dns.DnsArea;
import io.provision.steps.kubernetes.encryption.EncryptionArea;
import io.provision.steps.kubernetes.images.ImageSources;
import io.provision.steps.kubernetes.images.ImagesArea;
import io.provision.steps.kubernetes.leave.LeaveArea;
import io.provision.steps.kubernetes.placement.RoomElsewhere;
import io.provision.steps.kubernetes.placement.SpreadLook;
import io.provision.steps.kubernetes.preflight.PreflightArea;
import io.provision.steps.kubernetes.preflight.PreflightExamination;
import io.provision.steps.kubernetes.registration.RegistrationArea;
import io.provision.steps.kubernetes.rotation.CutByUs;
import io.provision.steps.kubernetes.rotation.NodeOutage;
import io.provision.steps.kubernetes.rotation.NodeReboot;
import io.provision.steps.kubernetes.rotation.OtherRebooters;
import io.provision.steps.kubernetes.rotation.RebootWithRoom;
import io.provision.steps.kubernetes.rotation.RotationArea;
import io.provision.steps.kubernetes.settings.SettingsArea;
import io.provision.steps.kubernetes.shutdown.ClusterShutdown;
import io.provision.steps.kubernetes.shutdown.ShutdownArea;
import io.provision.steps.kubernetes.status.KubernetesView;
import io.provision.steps.kubernetes.unattended.OurObjects;
import io.provision.steps.kubernetes.unattended.RotationObjects;
import io.provision.steps.kubernetes.unattended.RotationObjectsGone;
import io.provision.steps.kubevip.KubeVipAddOn;
import io.provision.steps.kubevip.KubeVipArea;
import io.provision.steps.kubevip.KubeVipImages;
import io.provision.steps.metallb.MetallbAddOn;
import io.provision.steps.metallb.MetallbArea;
import io.provision.steps.metallb.MetallbImages;
import io.provision.steps.metallb.MetallbView;
import io.provision.steps.os.OsArea;
import io.provision.steps.os.apt.AptArea;
import io.provision.steps.os.clock.ClockArea;
import io.provision.steps.os.clock.ClockExamination;
import io.provision.steps.os.firewall.FirewallArea;
import io.provision.steps.os.region.RegionArea;
import io.provision.steps.os.swap.SwapArea;
import io.provision.steps.os.swap.SwapExamination;
import io.provision.steps.power.PowerArea;
import io.provision.steps.rotation.CutNoted;
import io.provision.steps.rotation.GivenChoice;
import io.provision.steps.rotation.HostInUse;
import io.provision.steps.rotation.HostOutage;
import io.provision.steps.rotation.HostReboot;
import io.provision.steps.rotation.HostRotationArea;
import io.provision.steps.rotation.HostsPresent;
import io.provision.steps.rotation.OthersPresent;
import io.provision.steps.rotation.SelfReboots;
import io.provision.steps.storage.StorageArea;
import io.provision.steps.storage.StorageImages;
import java.time.Duration;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** All that the program can do: a line an area, and what areas have in common. */
public final class Catalog {
  /** One line an area; its steps and sections are listed in its own room. */
  private static final List<Area> AREAS =
      List.of(
          CniArea.AREA,
          MetallbArea.AREA,
          GlusterArea.AREA,
          KubeadmArea.AREA,
          KubeadmApiServerArea.AREA,
          ImagesArea.AREA,
          AptArea.AREA,
          SwapArea.AREA,
          OsArea.AREA,
          RegionArea.AREA,
          ClockArea.AREA,
          FirewallArea.AREA,
          KubernetesArea.AREA,
          SettingsArea.AREA,
          ApiServerArea.AREA,
          EncryptionArea.AREA,
          RegistrationArea.AREA,
          DnsArea.AREA,
          LeaveArea.AREA,
          PreflightArea.AREA,
          RotationArea.AREA,
          HostRotationArea.AREA,
          PowerArea.AREA,
          ShutdownArea.AREA,
          CertificatesArea.AREA,
          AccessArea.AREA,
          AddOnArea.AREA,
          K3sArea.AREA,
          KubeVipArea.AREA,
          StorageArea.AREA);

  private static final SortedMap<String, StepEntry> ENTRIES = entries(AREAS);

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

  /** One line an area that a host cannot leave just like that. */
  private static final Absences ABSENCES =
      new Absences(List.of(new OthersPresent(), new GlusterAbsence(), new KubeadmAbsence()));

  /** One line an area whose hosts cannot all go just like that. */
  private static final Outages OUTAGES = new Outages(List.of(new GlusterOutage()));

  private Catalog() {}

  /** All steps by the names that playbooks use. */
  public static Map<String, StepEntry> entries() {
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
        AREAS.stream().flatMap(area -> area.sections().stream()).toList(),
        DISTRIBUTIONS.all().keySet().stream()
            .sorted(Comparator.comparing(Cluster.Distribution::name))
            .toList());
  }

  /** What steps have of the program, besides what playbooks write. */
  public static List<Given> given() {
    return List.of(DISTRIBUTIONS, IMAGES, ADD_ONS, ABSENCES, GivenChoice.NONE);
  }

  /**
   * What areas add to the screen of a status: one line an area, in the order of its tables. Made
   * when asked for, since no other command shows them.
   */
  public static List<StatusView> views() {
    return List.of(new KubernetesView(), new CalicoView(), new MetallbView(), new GlusterView());
  }

  /** What `certs` asks. */
  public static ExpiryView certificates() {
    return new CertificatesView(DISTRIBUTIONS);
  }

  /** What `etcd` asks, and has done; empty where no distribution that is built runs the cluster. */
  public static Optional<Datastore> datastore(Inventory inventory) {
    return inventory
        .cluster()
        .map(cluster -> DISTRIBUTIONS.all().get(cluster.distribution()))
        .map(Distribution::datastore);
  }

  /** What a node would leave on a host of this cluster, as paths; nothing without Kubernetes. */
  public static List<String> remains(Inventory inventory, Host host) {
    return inventory
        .cluster()
        .map(cluster -> DISTRIBUTIONS.all().get(cluster.distribution()))
        .map(distribution -> distribution.exit().remains(host))
        .orElse(List.of());
  }

  /** Whom `rotate` would come across. */
  public static Step<Target.OnCluster> otherRebooters() {
    return new OtherRebooters();
  }

  /** Which nodes `rotate` would come across as they reboot themselves. */
  public static Step<Target.OnHost> selfReboots() {
    return new SelfReboots();
  }

  /** What `rotate` has done on each node. */
  public static Step<Target.OnHost> reboot(RotationChoice choice) {
    return new RebootWithRoom(new NodeReboot(DISTRIBUTIONS, ABSENCES, new GivenChoice(choice)));
  }

  /**
   * What `rotate --kill` has done on its node.
   *
   * @param outage what cuts its power; empty where it is only taken back into use
   */
  public static Step<Target.OnHost> outage(Optional<Repair.PowerOutage> outage, Duration longest) {
    return new NodeOutage(
        new NodeReboot(DISTRIBUTIONS, ABSENCES, GivenChoice.NONE), outage, longest);
  }

  /** What `rotate --kill` has done on a host that is no node, likewise. */
  public static Step<Target.OnHost> hostOutage(
      Optional<Repair.PowerOutage> outage, Duration longest) {
    return new HostOutage(ABSENCES, outage, longest);
  }

  /** What `rotate --kill` looks at meanwhile, on the hosts that stay. */
  public static VolumeWatch mounts(Inventory inventory) {
    return new MountWatch(inventory);
  }

  /** What `rotate --kill` asks the others of a host that has no power. */
  public static Step<Target.OnHost> cutNoted(Host host) {
    return new CutNoted(host.name());
  }

  /** What they say to that, in words; empty where they know nothing of it. */
  public static Output<String> cutNote() {
    return CutNoted.NOTE;
  }

  /** What `rotate --kill` asks of a node that has no power. */
  public static ClusterLook<Boolean> cutByUs(String node) {
    return CutByUs.look(node);
  }

  /** What `rotate` asks of the cluster before. */
  public static Step<Target.OnCluster> room() {
    return new RoomElsewhere();
  }

  /** What `rotate` has done on each host that is no node, in this order. */
  public static Map<String, Step<Target.OnHost>> hostReboots(RotationChoice choice) {
    var steps = new LinkedHashMap<String, Step<Target.OnHost>>();
    steps.put(HostInUse.NAME, new HostInUse(ABSENCES));
    steps.put(HostsPresent.NAME, new HostsPresent());
    steps.put(HostReboot.NAME, new HostReboot(ABSENCES, new GivenChoice(choice)));
    return steps;
  }

  /** What `rotate --advise` asks of the cluster. */
  public static Step<Target.OnCluster> advice() {
    return new SpreadLook();
  }

  /** The output in which it tells what there is to print. */
  public static Output<String> adviceText() {
    return SpreadLook.ADVICE;
  }

  /** What `doctor` looks at: one line for each area that has something of its own. */
  public static Doctor doctor() {
    return new HostsDoctor(
        List.of(
            new PreflightExamination(DISTRIBUTIONS),
            new ClockExamination(),
            new SwapExamination()));
  }

  /** What `init` asks each host. */
  public static Step<Target.OnHost> firstLook() {
    return new FirstLook();
  }

  /**
   * What `init` suggests.
   *
   * @param seen what was seen of each of the hosts
   */
  public static FirstInventory firstInventory(
      FirstInventory.Wish wish, Map<HostName, Observed> seen) {
    return InventorySuggestion.of(wish, seen);
  }

  /** By which what `rotate --install-cronjob` makes is known as ours. */
  public static Map<String, String> rotationLabels() {
    return OurObjects.LABELS;
  }

  /**
   * What `rotate --install-cronjob` has done.
   *
   * @param gone what an earlier one had besides
   */
  public static Step<Target.OnCluster> rotationObjects(
      List<Manifest> manifests, List<ObjectRef> gone) {
    return new RotationObjects(manifests, gone);
  }

  /** What `rotate --remove-cronjob` has done. */
  public static Step<Target.OnCluster> rotationObjectsGone(
      List<ObjectRef> objects, ObjectRef namespace) {
    return new RotationObjectsGone(objects, namespace);
  }

  /** What `stop` has done on each host, by names, in this order. */
  public static Map<String, Step<Target.OnHost>> stop() {
    return new ClusterShutdown(DISTRIBUTIONS, OUTAGES).stop();
  }

  /** What `start` has done on each host, likewise. */
  public static Map<String, Step<Target.OnHost>> start() {
    return new ClusterShutdown(DISTRIBUTIONS, OUTAGES).start();
  }

  /** What `gluster check` asks. */
  public static SafetyCheck gluster() {
    return new GlusterSafety();
  }

  /** All by their names. */
  static SortedMap<String, StepEntry> entries(List<Area> areas) {
    var all = new TreeMap<String, StepEntry>();
    for (var area : areas) {
      for (var entry : area.steps()) {
        if (all.put(entry.name(), entry) != null) {
          throw new IllegalStateException("two steps are called " + entry.name());
        }
      }
    }
    return Collections.unmodifiableSortedMap(all);
  }
}

package io.provision.steps.kubeadm;

import io.provision.model.Cidr;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.Kubernetes;
import io.provision.model.Kubernetes.Trait;
import io.provision.model.Sections;
import io.provision.remote.Call;
import io.provision.remote.ShellFunction;
import io.provision.resource.unit.UnitFailure;
import io.provision.step.Check;
import io.provision.step.Target;
import io.provision.step.datastore.Datastore;
import io.provision.steps.kubeadm.apiserver.KubeadmApiServer;
import io.provision.steps.kubernetes.ApiServer;
import io.provision.steps.kubernetes.Distribution;
import io.provision.steps.kubernetes.DnsService;
import io.provision.steps.kubernetes.ImageStore;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.NodeCertificates;
import io.provision.steps.kubernetes.NodeExit;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.Requirements;
import io.provision.steps.kubernetes.apiserver.EncryptionPlace;
import io.provision.steps.kubernetes.registration.Registration;
import io.provision.steps.kubernetes.settings.ContainerdSection;
import io.provision.steps.kubernetes.settings.DeclaredPrograms;
import io.provision.steps.kubernetes.settings.KubeProxySection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** kubeadm: the publisher's own programs, a kubelet on every node and all else in its pods. */
public record KubeadmDistribution() implements Distribution {
  /**
   * What kube-proxy is told by a flag, which wins over its file (its DaemonSet: kubernetes,
   * cmd/kubeadm/app/phases/addons/proxy/manifests.go), and what {@code containerd} begins with.
   */
  private static final DeclaredPrograms PROGRAMS =
      new DeclaredPrograms(
          Map.of(),
          Map.of(
              KubeProxySection.KEY,
              Map.of("hostnameOverride", "kubeadm sets it by a flag, which wins. take it out."),
              ContainerdSection.KEY,
              Map.of("version", "provision writes it for the version of each host. take it out.")),
          false);

  /** Its services are kubeadm's own default, its pods those that flannel's manifest has. */
  public static final Cluster.Distribution DECLARED =
      new Cluster.Distribution(
          "kubeadm",
          Optional.of(
              new Kubernetes(
                  Cidr.parse("10.244.0.0/16"),
                  Cidr.parse("10.96.0.0/12"),
                  new Kubernetes.VersionForm(
                      "((?!k3s).)*",
                      "this is a version of k3s, not of kubeadm. write it like %s.",
                      "v1.36.4"),
                  Set.of(
                      Trait.NEEDS_FLANNEL,
                      Trait.EXCLUDES_SERVERS_FROM_BALANCING,
                      Trait.HAS_PACKAGES,
                      Trait.RUNS_HOST_CONTAINERD),
                  Sections.of(PROGRAMS))));

  /** In KiB: kubeadm's own check wants 1700 MB of a control plane; a worker runs with less. */
  private static final long MEMORY_OF_A_CONTROL_PLANE = 1_700_000_000L >> 10;

  private static final long MEMORY_OF_A_WORKER = 700 << 10;

  /** In KiB: the programs, and the images that every node has. */
  private static final long DISK = 2 << 20;

  /** The kubelet's own eviction-hard nodefs.available. */
  private static final int PERCENT_THAT_EVICTS = 10;

  /** The kubelet's own eviction-hard nodefs.inodesFree. */
  private static final int PERCENT_OF_INODES_THAT_EVICTS = 5;

  private static final Duration REGISTER = Duration.ofMinutes(5);

  /** {@code until_kubeadm_joined KUBECTL KUBECONFIG NODE UNIT}. */
  private static final ShellFunction UNTIL_JOINED =
      new ShellFunction(
          "until_kubeadm_joined",
          """
          [ "$(node_registration "$1" "$2" "$3" "$4")" = present ] && return 0
          unit_has_failed "$4" && return 69
          return 1\
          """,
          List.of(Registration.LOOK, UnitFailure.HAS_FAILED));

  /** {@code explain_kubelet}: what it said last. */
  private static final ShellFunction EXPLAIN =
      new ShellFunction(
          "explain_kubelet",
          """
          printf 'reason: %s\\n' "$(unit_last_words kubelet.service | tail -n 1)"
          systemctl --no-pager --full --lines=0 status -- kubelet.service 2>&1 | head -n 6
          journalctl --no-pager -o cat -n 12 -u kubelet.service 2>/dev/null | cut -c 1-400
          return 0\
          """,
          List.of(UnitFailure.LAST_WORDS));

  private static final Kubectl ADMIN = new Kubectl(Kubeadm.KUBECTL, Kubeadm.ADMIN);

  @Override
  public Cluster.Distribution declared() {
    return DECLARED;
  }

  @Override
  public String unit(Host host) {
    return Kubeadm.SERVICE;
  }

  @Override
  public Kubectl kubectl() {
    return ADMIN;
  }

  @Override
  public String kubeletKubeconfig() {
    return Kubeadm.JOINED;
  }

  @Override
  public Check.NotYet unheard(Host host, String awaited) {
    return new Check.NotYet(
        awaited,
        REGISTER,
        Call.of(UNTIL_JOINED, Registration.arguments(host, this)),
        Call.of(EXPLAIN));
  }

  @Override
  public Requirements requirements(Target.OnHost target) {
    var isServer = Nodes.isServer(target.host());
    return new Requirements(
        isServer ? MEMORY_OF_A_CONTROL_PLANE : MEMORY_OF_A_WORKER,
        DISK,
        "/var/lib/containerd",
        false,
        PERCENT_THAT_EVICTS,
        PERCENT_OF_INODES_THAT_EVICTS,
        listensOn(target),
        List.of(Kubeadm.SERVICE),
        List.of("kube", "etcd"),
        Kubeadm.PATCHES);
  }

  /** https://kubernetes.io/docs/reference/networking/ports-and-protocols/, and kube-proxy's. */
  private static List<String> listensOn(Target.OnHost target) {
    var ports = new ArrayList<String>();
    if (Nodes.isServer(target.host())) {
      ports.add("tcp/" + ApiServer.PORT);
      ports.addAll(List.of("tcp/2379", "tcp/2380", "tcp/2381", "tcp/10257", "tcp/10259"));
    }
    ports.addAll(List.of("tcp/10248", "tcp/10249", "tcp/10250", "tcp/10256"));
    ports.addAll(
        switch (target.cluster().network().cni()) {
          case FLANNEL -> List.of("udp/8472", "tcp/8081");
          case CALICO -> Requirements.OF_CALICO;
        });
    return ports;
  }

  /** An image that was removed from containerd since is not brought again. */
  @Override
  public ImageStore images() {
    return new ImageStore(
        "/var/lib/provision/images",
        false,
        "/var/lib/provision",
        "/run/containerd/containerd.sock",
        List.of("ctr", "-n", "k8s.io", "images", "import"));
  }

  @Override
  public EncryptionPlace encryption() {
    return KubeadmApiServer.ENCRYPTION;
  }

  @Override
  public NodeExit exit() {
    return new KubeadmExit();
  }

  @Override
  public Datastore datastore() {
    return new KubeadmDatastore();
  }

  @Override
  public NodeCertificates certificates() {
    return new KubeadmCertificates();
  }

  @Override
  public Optional<DnsService> dns(Cluster cluster) {
    return Optional.of(new DnsService(DnsService.usualAddress(cluster), DnsService.USUAL_DOMAIN));
  }
}

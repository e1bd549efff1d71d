package io.provision.steps.k3s;

import io.provision.model.Cidr;
import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.Kubernetes;
import io.provision.model.Kubernetes.Trait;
import io.provision.model.Sections;
import io.provision.remote.Call;
import io.provision.step.Check;
import io.provision.step.Target;
import io.provision.step.datastore.Datastore;
import io.provision.steps.k3s.apiserver.K3sApiServer;
import io.provision.steps.k3s.etcd.K3sDatastore;
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
import io.provision.steps.kubernetes.settings.Overrides;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** k3s: one program and one unit a node, which brings all else along. */
public record K3sDistribution() implements Distribution {
  /** Its networks are those of docs.k3s.io/cli/server. */
  public static final Cluster.Distribution DECLARED =
      new Cluster.Distribution(
          "k3s",
          Optional.of(
              new Kubernetes(
                  Cidr.parse("10.42.0.0/16"),
                  Cidr.parse("10.43.0.0/16"),
                  new Kubernetes.VersionForm(
                      ".*\\+k3s\\d+",
                      "a version of k3s ends in +k3s1 or the like, such as %s.",
                      "v1.36.4+k3s1"),
                  Set.of(Trait.HAS_ADDONS, Trait.FORWARDS_IN_PODS),
                  Sections.of(K3sPrograms.DECLARED))));

  /** In KiB: what k3s asks for (2 GB and 512 MB), less what a kernel keeps for itself. */
  private static final long MEMORY_OF_A_SERVER = 900 << 10;

  private static final long MEMORY_OF_AN_AGENT = 400 << 10;

  /** In KiB: the program, what it unpacks, and the images that every node has. */
  private static final long DISK = 1 << 20;

  /** k3s has its kubelet evict pods where less is left: nodefs.available alone, not inodes. */
  private static final int PERCENT_THAT_EVICTS = 5;

  /** What the running k3s has unpacked: {@code k3s kubectl} would unpack itself after an update. */
  static final Kubectl KUBECTL =
      new Kubectl("/var/lib/rancher/k3s/data/current/bin/kubectl", K3s.FOLDER + "/k3s.yaml");

  @Override
  public Cluster.Distribution declared() {
    return DECLARED;
  }

  @Override
  public String unit(Host host) {
    return K3s.unit(host);
  }

  @Override
  public Kubectl kubectl() {
    return KUBECTL;
  }

  @Override
  public String kubeletKubeconfig() {
    return K3s.JOINED;
  }

  @Override
  public Check.NotYet unheard(Host host, String awaited) {
    return new Check.NotYet(
        awaited,
        K3sService.START,
        Call.of(K3sFailure.UNTIL_JOINED, Registration.arguments(host, this)),
        Call.of(K3sFailure.EXPLAIN, unit(host)));
  }

  @Override
  public Requirements requirements(Target.OnHost target) {
    return new Requirements(
        Nodes.isServer(target.host()) ? MEMORY_OF_A_SERVER : MEMORY_OF_AN_AGENT,
        DISK,
        "/var/lib/rancher",
        true,
        PERCENT_THAT_EVICTS,
        0,
        listensOn(target),
        List.of("k3s.service", "k3s-agent.service"),
        List.of("k3s"),
        "/var/lib/rancher/k3s/agent/etc/kubelet.conf.d");
  }

  /** k3s takes in what lies in that folder when it starts (docs.k3s.io/installation/airgap). */
  @Override
  public ImageStore images() {
    return new ImageStore(
        "/var/lib/rancher/k3s/agent/images",
        true,
        "/var/lib/rancher/k3s/agent",
        "/run/k3s/containerd/containerd.sock",
        List.of("k3s", "ctr", "-n", "k8s.io", "images", "import"));
  }

  @Override
  public EncryptionPlace encryption() {
    return K3sApiServer.ENCRYPTION;
  }

  @Override
  public NodeExit exit() {
    return new K3sExit();
  }

  @Override
  public Datastore datastore() {
    return new K3sDatastore(KUBECTL, LivingSecrets::keyFile);
  }

  @Override
  public NodeCertificates certificates() {
    return new K3sCertificates();
  }

  /** https://docs.k3s.io/installation/requirements#networking, and what listens on 127.0.0.1. */
  private static List<String> listensOn(Target.OnHost target) {
    var ports = new ArrayList<String>();
    if (Nodes.isServer(target.host())) {
      ports.add("tcp/" + ApiServer.PORT);
      if (Nodes.servers(target.inventory()).size() > 1) {
        ports.addAll(List.of("tcp/2379", "tcp/2380"));
      }
    }
    ports.addAll(List.of("tcp/6444", "tcp/10250"));
    ports.addAll(
        switch (target.cluster().network().cni()) {
          case FLANNEL -> hasVxlan(target) ? List.of("udp/8472") : List.<String>of();
          case CALICO -> Requirements.OF_CALICO;
        });
    return ports;
  }

  /** As it is where nobody says another (docs.k3s.io/networking/basic-network-options). */
  private static boolean hasVxlan(Target.OnHost target) {
    var own = Overrides.of(K3sOptions.class, target.host(), target.cluster());
    return own.getOrDefault("flannel-backend", "vxlan").equals("vxlan");
  }

  @Override
  public Optional<DnsService> dns(Cluster cluster) {
    var own = Overrides.ofCluster(K3sOptions.class, cluster);
    var disabled = own.get("disable");
    if (disabled instanceof List<?> list ? list.contains("coredns") : "coredns".equals(disabled)) {
      return Optional.empty();
    }
    var given = own.get("cluster-dns");
    return Optional.of(
        new DnsService(
            given == null
                ? DnsService.usualAddress(cluster)
                : given.toString().replaceFirst(",.*", ""),
            String.valueOf(own.getOrDefault("cluster-domain", DnsService.USUAL_DOMAIN))));
  }
}

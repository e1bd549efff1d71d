package io.provision.load.inventory;

import io.provision.load.bind.RecordShape;
import io.provision.load.inventory.Documents.ClusterDocument;
import io.provision.load.yaml.Node;
import io.provision.load.yaml.Problems;
import io.provision.model.Cluster.Distribution;
import io.provision.model.Role;
import io.provision.model.Version;
import java.util.List;
import java.util.regex.Pattern;

/** What can be wrong with the cluster as a whole: its version, its control plane, its settings. */
record ClusterChecks(Draft draft, ClusterDocument cluster, Problems problems) {
  private static final Pattern K3S_BUILD = Pattern.compile(".*\\+k3s\\d+");

  /** Minor versions of Kubernetes. */
  private static final int OLDEST = 21;

  private static final int NEWEST = 36;

  void run() {
    if (cluster.distribution().isEmpty()) {
      return;
    }
    version();
    settings();
    if (draft.isKubernetes()) {
      controlPlanes();
      if (draft.document().hosts().isPresent()) {
        endpoint();
      }
    } else {
      withoutKubernetes();
    }
  }

  private void version() {
    var source = cluster.source();
    if (draft.isKubernetes() && cluster.version().isEmpty() && source.find("version").isEmpty()) {
      problems.add(
          source.position(),
          "'version' is missing. name the version of the distribution, such as %s."
              .formatted(example()));
    }
    var build = cluster.version().map(it -> it.build()).orElse("");
    var isK3s = K3S_BUILD.matcher(build).matches();
    if (draft.distribution() == Distribution.K3S && cluster.version().isPresent() && !isK3s) {
      problems.add(
          source.at("version"),
          "a version of k3s ends in +k3s1 or the like, such as %s.".formatted(example()));
    }
    cluster
        .version()
        .filter(version -> draft.isKubernetes() && !isKnown(version))
        .ifPresent(version ->
            problems.warn(
                source.at("version"),
                "%s is not one of the versions that this program knows, v1.%d to v1.%d. is it mistyped?"
                    .formatted(version, OLDEST, NEWEST)));
    if (draft.distribution() == Distribution.KUBEADM && build.contains("k3s")) {
      problems.add(
          source.at("version"),
          "this is a version of k3s, not of kubeadm. write it like %s.".formatted(example()));
    }
  }

  private static boolean isKnown(Version version) {
    return version.major() == 1 && version.minor() >= OLDEST && version.minor() <= NEWEST;
  }

  private String example() {
    return draft.distribution() == Distribution.KUBEADM ? "v1.36.4" : "v1.36.4+k3s1";
  }

  private void controlPlanes() {
    var servers = draft.with(Role.CONTROL_PLANE);
    if (draft.document().source().find("hosts").isEmpty() || draft.hosts().isEmpty()) {
      return;
    }
    if (servers.isEmpty()) {
      problems.add(
          draft.document().source().at("hosts"),
          "no host has role control-plane, and a cluster needs one. write roles: [control-plane] at one or three hosts.");
    } else if (servers.size() % 2 == 0) {
      problems.add(
          servers.getLast().document().source().at("roles"),
          "%d control planes: etcd needs an odd number, for with %d it survives no more losses than with %d. add one or take one away."
              .formatted(servers.size(), servers.size(), servers.size() - 1));
    }
  }

  private void endpoint() {
    var servers = draft.with(Role.CONTROL_PLANE).size();
    if (cluster.endpoint().isEmpty()
        && cluster.source().find("endpoint").isEmpty()
        && cluster.source().find("virtual_ip").isEmpty()
        && servers > 1) {
      problems.warn(
          cluster.source().position(),
          "the control planes have no address in common, which is a single point of failure: while the one that the kubeconfig names is down, kubectl reaches nothing until 'provision kubeconfig' names another. name a 'virtual_ip', or your own balancer as 'endpoint'.");
    }
    cluster
        .endpoint()
        .map(it -> it.value())
        .flatMap(Draft::number)
        .ifPresent(address -> {
          var at = cluster.source().at("endpoint");
          if (address.inet().isLoopbackAddress() || address.inet().isAnyLocalAddress()) {
            problems.add(
                at,
                "%s means another machine on every node. name an address that all reach."
                    .formatted(address));
          }
        });
  }

  private void settings() {
    if (draft.distribution() == Distribution.K3S) {
      return;
    }
    var onlyK3s = "'%s' is for distribution k3s, and this is %s. take it out.";
    var distribution = RecordShape.name(draft.distribution());
    if (cluster.k3s().isPresent()) {
      problems.add(cluster.source().at("k3s"), onlyK3s.formatted("k3s", distribution));
    }
    for (var host : draft.hosts()) {
      if (host.document().k3s().isPresent()) {
        problems.add(host.document().source().at("k3s"), onlyK3s.formatted("k3s", distribution));
      }
    }
  }

  /** With distribution none nothing carries these keys out. */
  private void withoutKubernetes() {
    meaningless(
        cluster.source(),
        List.of(
            "version",
            "endpoint",
            "virtual_ip",
            "load_balancer",
            "kubeconfig",
            "kubelet",
            "kube_proxy",
            "containerd",
            "tls_sans"),
        "with distribution none");
    if (cluster.source().find("network").orElse(null) instanceof Node.Mapping network) {
      meaningless(
          network, List.of("cni", "calico", "pod_cidr", "service_cidr"), "with distribution none");
    }
  }

  private void meaningless(Node.Mapping source, List<String> keys, String where) {
    new HostChecks(draft, problems).meaningless(source, keys, where);
  }
}

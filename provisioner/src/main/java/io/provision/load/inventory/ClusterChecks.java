package io.provision.load.inventory;

import io.provision.load.inventory.Documents.ClusterDocument;
import io.provision.load.yaml.Problems;
import io.provision.model.Kubernetes;
import io.provision.model.Role;
import io.provision.model.Version;
import io.provision.section.Node;
import java.util.List;

/** What can be wrong with the cluster as a whole: its version, its control plane, its settings. */
record ClusterChecks(Draft draft, ClusterDocument cluster, Problems problems) {
  /** Minor versions of Kubernetes. */
  private static final int OLDEST = 21;

  private static final int NEWEST = 36;

  void run() {
    if (cluster.distribution().isEmpty()) {
      return;
    }
    version();
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
    var form = draft.kubernetes().map(Kubernetes::versions);
    if (cluster.version().isEmpty() && source.find("version").isEmpty()) {
      form.ifPresent(it ->
          problems.add(
              source.position(),
              "'version' is missing. name the version of the distribution, such as %s."
                  .formatted(it.example())));
    }
    cluster
        .version()
        .flatMap(version -> form.filter(it -> !it.fits(version)))
        .ifPresent(it -> problems.add(source.at("version"), it.complaint()));
    cluster
        .version()
        .filter(version -> draft.isKubernetes() && !isKnown(version))
        .ifPresent(version ->
            problems.warn(
                source.at("version"),
                "%s is not one of the versions that this program knows, v1.%d to v1.%d. is it mistyped?"
                    .formatted(version, OLDEST, NEWEST)));
  }

  private static boolean isKnown(Version version) {
    return version.major() == 1 && version.minor() >= OLDEST && version.minor() <= NEWEST;
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
      // no error: a cluster that has lost one for good, or from which one leaves, is managed on
      problems.warn(
          servers.getLast().document().source().at("roles"),
          "%d control planes: etcd wants an odd number, for with %d it survives no more losses than with %d. add one or take one away."
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

  /** With distribution none nothing carries these keys out. */
  private void withoutKubernetes() {
    meaningless(
        cluster.source(),
        List.of("version", "endpoint", "virtual_ip", "load_balancer", "kubeconfig", "tls_sans"),
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

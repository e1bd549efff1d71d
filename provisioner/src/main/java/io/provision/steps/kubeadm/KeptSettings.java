package io.provision.steps.kubeadm;

import io.provision.model.Content;
import io.provision.render.YamlDocuments;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Target;
import io.provision.steps.kubeadm.adoption.ClusterDifferences;
import io.provision.steps.kubeadm.adoption.Differences;
import io.provision.steps.kubeadm.adoption.ForeignNode;
import io.provision.steps.kubeadm.adoption.KubeletDifferences;
import io.provision.steps.kubeadm.adoption.ProxyDifferences;
import io.provision.steps.kubernetes.Nodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What somebody else's node runs with, and what its cluster keeps for all of them, beside what the
 * inventory says: each difference is refused with the line that keeps it.
 */
final class KeptSettings {
  private KeptSettings() {}

  /** What it runs with, and what the cluster keeps, beside what the inventory says. */
  static List<Check> refusals(Target.OnHost target, ForeignNode is, Known known) {
    var files = KubeadmFiles.of(target, known);
    var refusals = new ArrayList<Check>();
    kubelet("its kubelet", KubeletDifferences.of(is.kubelet(), files.kubeletOfHost()))
        .ifPresent(refusals::add);
    if (!Nodes.isServer(target.host())) {
      return refusals;
    }
    if (is.clusterConfiguration().isEmpty() || is.kubelets().isEmpty() || is.proxy().isEmpty()) {
      refusals.add(
          new Check.Refused(
              "what its cluster keeps for kubeadm, kubelets or kube-proxy cannot be told: its API does not answer, or there is no kubectl on it",
              "look at 'kubectl --kubeconfig %s -n kube-system get configmap kubeadm-config kubelet-config kube-proxy' there"
                  .formatted(Kubeadm.ADMIN)));
      return refusals;
    }
    kubelet("every kubelet", KubeletDifferences.of(is.kubelets(), files.kubelet()))
        .ifPresent(refusals::add);
    proxy(ProxyDifferences.of(is.proxy(), files.proxy())).ifPresent(refusals::add);
    cluster(ClusterDifferences.of(is.clusterConfiguration(), wanted(files)))
        .ifPresent(refusals::add);
    names(files, ClusterDifferences.names(is.clusterConfiguration())).ifPresent(refusals::add);
    return refusals;
  }

  private static Map<?, ?> wanted(KubeadmFiles files) {
    var text = ((Content.Plain) files.init().content()).text();
    return YamlDocuments.of(Kubeadm.INIT, text).get(1);
  }

  private static Optional<Check> kubelet(String whose, Differences found) {
    return differs(
        "%s has settings".formatted(whose),
        "kubelet",
        found,
        "write 'kubelet: { %s }' under 'cluster', or at this host where no other has it");
  }

  private static Optional<Check> proxy(Differences found) {
    return differs(
        "kube-proxy has settings",
        "kube_proxy",
        found,
        "write 'kube_proxy: { %s }' under 'cluster'");
  }

  private static Optional<Check> differs(
      String what, String key, Differences found, String remedy) {
    if (found.isEmpty()) {
      return Optional.empty();
    }
    if (found.lost().isEmpty()) {
      return Optional.of(
          new Check.Refused(
              "the inventory says more under '%s' than it runs with: %s"
                  .formatted(key, String.join(", ", found.added())),
              "take that out first, so that it is taken over as it runs; then write it again, and it is changed"));
    }
    return Optional.of(
        new Check.Refused(
            "%s that the inventory does not say, or says otherwise, and would lose them: %s"
                .formatted(what, found.written()),
            remedy.formatted(found.written())
                + ", as it runs; what should be another is changed after that"));
  }

  private static Optional<Check> cluster(Differences found) {
    if (found.isEmpty()) {
      return Optional.empty();
    }
    var remedies = new ArrayList<String>();
    var network = new ArrayList<String>();
    network("networking/podSubnet", "pod_cidr", found, network);
    network("networking/serviceSubnet", "service_cidr", found, network);
    if (!network.isEmpty()) {
      remedies.add("write '%s' in 'network' under 'cluster'".formatted(String.join(", ", network)));
    }
    if (found.lost().size() > network.size() || found.lost().isEmpty()) {
      remedies.add(
          "what an inventory cannot say would be gone with the next upgrade: a cluster that needs it cannot be taken over; else take it out of the ConfigMap kubeadm-config, and out of what runs");
    }
    return Optional.of(
        new Check.Refused(
            "kubeadm keeps settings of the cluster that the inventory does not say, or says otherwise: "
                + String.join(", ", found.lost().isEmpty() ? found.added() : found.lost().keySet()),
            String.join("; ", remedies)));
  }

  private static void network(String at, String key, Differences found, List<String> to) {
    if (found.lost().containsKey(at)) {
      to.add("%s: %s".formatted(key, found.lost().get(at)));
    }
  }

  private static Optional<Check> names(KubeadmFiles files, List<String> are) {
    var lost = new ArrayList<>(are);
    lost.removeAll(files.names());
    return lost.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "the certificates of its API servers name what the inventory does not, and would lose it: "
                    + String.join(", ", lost),
                "write 'tls_sans: [%s]' under 'cluster'".formatted(String.join(", ", lost))));
  }
}

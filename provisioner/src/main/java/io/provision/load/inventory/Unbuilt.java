package io.provision.load.inventory;

import io.provision.load.inventory.Documents.ClusterDocument;
import io.provision.load.yaml.Node.Mapping;
import io.provision.load.yaml.Problems;
import io.provision.model.Cluster.Cni;
import io.provision.model.Cluster.Distribution;
import io.provision.model.Position;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What the language of inventories has words for and nothing carries out yet. It is refused by
 * name: a key that is accepted and ignored, or half carried out, is worse than none. Whoever builds
 * one takes it out here.
 */
record Unbuilt(Draft draft, Problems problems) {
  /** Words of the inventory's enums. */
  static final Set<Enum<?>> WORDS = Set.of(Distribution.KUBEADM, Cni.CALICO);

  /** Keys, by the record that has them. */
  static final Map<Class<?>, Set<String>> KEYS =
      Map.of(ClusterDocument.class, Set.of("ignore_preflight"));

  void run(ClusterDocument cluster) {
    if (draft.distribution() == Distribution.KUBEADM) {
      refuse(
          cluster.source().at("distribution"),
          "distribution: kubeadm",
          "take k3s, or none for hosts and storage only.");
    }
    if (draft.cni() == Cni.CALICO) {
      refuse(
          cluster.source().at("network", "cni"),
          "cni: calico",
          "take it out: k3s has flannel, and enforces NetworkPolicies.");
    }
    if (cluster.ignorePreflight().isPresent()) {
      refuse(
          keyOf(cluster.source(), "ignore_preflight"),
          "ignore_preflight",
          "take it out: k3s has no preflight checks.");
    }
  }

  private void refuse(Position at, String what, String remedy) {
    problems.add(
        at, "'%s' is not built yet: nothing would carry it out. %s".formatted(what, remedy));
  }

  /** Where the last of these keys is written. */
  private static Position keyOf(Mapping source, String... keys) {
    var here = Optional.of(source);
    var at = source.position();
    for (var key : keys) {
      var entry = here.map(mapping -> mapping.entries().get(key)).orElse(null);
      if (entry == null) {
        break;
      }
      at = entry.key().position();
      here = entry.value() instanceof Mapping below ? Optional.of(below) : Optional.empty();
    }
    return at;
  }
}

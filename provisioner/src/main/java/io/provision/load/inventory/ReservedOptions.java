package io.provision.load.inventory;

import io.provision.load.inventory.Documents.ClusterDocument;
import io.provision.load.yaml.Problems;
import io.provision.section.Node;
import io.provision.section.Node.Mapping;
import io.provision.section.Node.Scalar;
import io.provision.section.Node.Sequence;
import io.provision.section.SecretWords;
import java.util.List;
import java.util.Map;

/**
 * Options of k3s that are not the operator's to set, because everything else is built on them; and
 * secrets, which its configuration cannot hold, for plans show it.
 */
record ReservedOptions(Draft draft, ClusterDocument cluster, Problems problems) {
  private static final String JOINING = "how nodes join, with which token, is provision's work";

  /** By option, why. */
  private static final Map<String, String> RESERVED =
      Map.of(
          "token", JOINING,
          "token-file", JOINING,
          "agent-token", JOINING,
          "agent-token-file", JOINING,
          "cluster-secret", JOINING,
          "server", JOINING,
          "node-name", "a node has the name of its host",
          "data-dir", "everything is looked for in /var/lib/rancher/k3s",
          "write-kubeconfig", "the kubeconfig is looked for in /etc/rancher/k3s");

  /** The options that cannot be set, sorted. */
  static List<String> names() {
    return RESERVED.keySet().stream().sorted().toList();
  }

  void run() {
    all(cluster.source());
    draft.hosts().forEach(host -> all(host.document().source()));
  }

  private void all(Mapping source) {
    if (source.find("k3s").orElse(null) instanceof Mapping options) {
      options.entries().forEach(this::one);
    }
  }

  private void one(String key, Mapping.Entry entry) {
    var option = key.endsWith("+") ? key.substring(0, key.length() - 1) : key;
    var why = RESERVED.get(option);
    if (why != null) {
      problems.add(
          entry.key().position(),
          "'k3s.%s' cannot be set here: %s. take it out.".formatted(key, why));
    } else if (isSecret(option, entry.value())) {
      problems.add(
          entry.key().position(),
          "'k3s.%s' is a secret, and plans show this file. keep it in a file of mode 0600 on the hosts, and set the option that names that file."
              .formatted(key));
    }
  }

  private static boolean isSecret(String key, Node value) {
    return switch (value) {
      case Scalar scalar ->
          SecretWords.isReference(scalar.text()) || !scalar.isNull() && SecretWords.isKey(key);
      case Mapping mapping ->
          mapping.entries().entrySet().stream()
              .anyMatch(each -> isSecret(each.getKey(), each.getValue().value()));
      case Sequence(var items, var _) -> items.stream().anyMatch(item -> isSecret("", item));
    };
  }
}

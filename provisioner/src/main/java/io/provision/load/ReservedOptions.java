package io.provision.load;

import io.provision.load.Documents.ClusterDocument;
import io.provision.load.Node.Mapping;
import java.util.Map;

/** Options of k3s that are not the operator's to set, because everything else is built on them. */
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

  void run() {
    all(cluster.source());
    draft.hosts().forEach(host -> all(host.document().source()));
  }

  private void all(Mapping source) {
    if (source.find("k3s").orElse(null) instanceof Mapping options) {
      options
          .entries()
          .forEach((key, entry) -> {
            var why = RESERVED.get(key.endsWith("+") ? key.substring(0, key.length() - 1) : key);
            if (why != null) {
              problems.add(
                  entry.key().position(),
                  "'k3s.%s' cannot be set here: %s. take it out.".formatted(key, why));
            }
          });
    }
  }
}

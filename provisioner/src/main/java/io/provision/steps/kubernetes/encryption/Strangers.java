package io.provision.steps.kubernetes.encryption;

import io.provision.step.Check;
import io.provision.step.Target;
import io.provision.steps.kubernetes.NodeObject;
import io.provision.steps.kubernetes.Nodes;
import java.util.Map;
import java.util.Optional;

/**
 * Control planes of the cluster that the inventory has not, or no more: their API servers read and
 * write Secrets too, and nobody gives them a key.
 */
final class Strangers {
  private static final String LABEL = "node-role.kubernetes.io/control-plane";

  private Strangers() {}

  /**
   * Why no key changes now; empty where all control planes are in the inventory.
   *
   * @param nodes as the API server of the target says
   */
  static Optional<Check> refusal(Target.OnHost target, Map<String, NodeObject> nodes) {
    var servers =
        Nodes.servers(target.inventory()).stream().map(host -> host.name().value()).toList();
    if (!nodes.containsKey(target.host().name().value())) {
      return Optional.of(
          new Check.Refused(
              "the API server of this host does not say which control planes there are",
              "Secrets are written as before meanwhile; run the same command again"));
    }
    return nodes.values().stream()
        .filter(node -> node.labels().containsKey(LABEL) && !servers.contains(node.name()))
        .findFirst()
        .map(node ->
            new Check.Refused(
                "%s is a control plane of the cluster that the inventory has not: its API server would not have the new key"
                    .formatted(node.name()),
                "take it out of the cluster first, in a run with 'encryption' as it was; or put it back into the inventory"));
  }
}

package io.provision.steps.kubernetes.shutdown;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.step.outage.Outages;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.NodeObject;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Whether a cluster is so well that it can go down as a whole and be whole again once it comes up:
 * what is not well now would not be then, and nobody could look at it meanwhile.
 */
record ShutdownGate(Distributions distributions, Outages outages) {
  /** A moment in which a node is not heard of is no reason; that something heals may take hours. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  Repair.AwaitHosts of(Target.OnHost target) {
    var inventory = target.inventory();
    Map<Host, Probes> asked = new LinkedHashMap<>();
    for (var server : Standing.servers(inventory)) {
      asked.put(server, Probes.of(distributions.of(target).kubectl().nodes()));
    }
    outages.asked(inventory).forEach((host, probes) -> asked.merge(host, probes, Probes::and));
    return new Repair.AwaitHosts(
        "the cluster to be whole, as it must be before it goes down",
        PATIENCE,
        asked,
        (seen, never) -> missing(target, seen, never),
        "fix what is named ('provision status' says all of it); nothing was stopped");
  }

  private List<String> missing(
      Target.OnHost target, Map<HostName, Observations> seen, Map<HostName, String> never) {
    var inventory = target.inventory();
    var missing = new ArrayList<String>();
    Map<String, NodeObject> nodes = Map.of();
    for (var server : Standing.servers(inventory)) {
      var answers = seen.get(server.name());
      if (answers == null) {
        missing.add("%s was not reached (%s)".formatted(server, never.get(server.name())));
        continue;
      }
      var own = answers.of(distributions.of(target).kubectl().nodes());
      if (own.isEmpty()) {
        missing.add("the API server of %s does not answer".formatted(server));
      } else {
        nodes = own;
      }
    }
    if (!nodes.isEmpty()) {
      missing.addAll(unfit(inventory, nodes));
    }
    missing.addAll(outages.missing(inventory, seen, never));
    return missing;
  }

  private static List<String> unfit(Inventory inventory, Map<String, NodeObject> nodes) {
    var unfit = new ArrayList<String>();
    for (var host : Standing.nodes(inventory)) {
      var node = nodes.get(host.name().value());
      if (node == null) {
        unfit.add(host + " is not in the cluster: 'provision apply' brings it in");
      } else if (!node.ready()) {
        unfit.add("node %s is not Ready".formatted(host));
      } else if (!node.claim().isEmpty() && !node.claim().equals(Standing.CLAIM)) {
        unfit.add(
            "node %s is out of use by another command of ours (%s): run that one again first"
                .formatted(host, node.claim()));
      }
    }
    nodes.keySet().stream()
        .filter(name ->
            Standing.nodes(inventory).stream().noneMatch(it -> it.name().value().equals(name)))
        .sorted()
        .forEach(name ->
            unfit.add(
                "the cluster has a node %s that the inventory does not name, and that would take the pods of all others: name it, or remove it"
                    .formatted(name)));
    return unfit;
  }
}

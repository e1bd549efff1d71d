package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** All that is on a host, as {@code witness.sh} sees it: one fact a line. */
record Witness(Node node, TreeSet<String> facts) {
  private static final Pattern TIME = Pattern.compile("\ttime [0-9.]+$");

  /** What makes a host itself, and so differs between two that were made alike. */
  private static final Pattern IDENTITY =
      Pattern.compile("(path|content \\S+ ) ?/(etc/machine-id|etc/ssh/ssh_host_\\S+) ?.*");

  static Witness of(Node node) {
    return new Witness(
        node,
        node.sh(Checkout.resource("witness.sh"))
            .lines()
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  static List<Witness> of(List<Node> nodes) {
    return nodes.parallelStream().map(Witness::of).toList();
  }

  /**
   * Of a cluster, once no pod ends any more: what a rollout has replaced goes on for a while after
   * all is as it should be.
   *
   * @param kubectl as it is called on the server
   */
  static List<Witness> ofCluster(Node server, String kubectl, List<Node> nodes) {
    var ending = "get pods -A -o 'jsonpath={.items[*].metadata.deletionTimestamp}'";
    server.await(
        "cluster in which no pod is ending",
        "ending=$(%s %s) && [ -z \"$ending\" ]".formatted(kubectl, ending));
    return of(nodes);
  }

  /** Without times and without what makes a host itself: equal for hosts that were made alike. */
  Witness contents() {
    return new Witness(
        node,
        facts.stream()
            .map(fact -> TIME.matcher(fact).replaceFirst(""))
            .filter(fact -> !IDENTITY.matcher(fact).matches())
            .collect(Collectors.toCollection(TreeSet::new)));
  }

  /** What is there ({@code +}) or is there no more ({@code -}) in a later one. */
  List<String> changesTo(Witness later) {
    var changes = new ArrayList<String>();
    facts.stream()
        .filter(fact -> !later.facts.contains(fact))
        .map("- "::concat)
        .forEach(changes::add);
    later.facts.stream()
        .filter(fact -> !facts.contains(fact))
        .map("+ "::concat)
        .forEach(changes::add);
    return changes;
  }

  /** Fails where anything on the host is not as it was. */
  void stillHolds() {
    assertThat(changesTo(of(node))).as("changes on %s", node.name()).isEmpty();
  }
}

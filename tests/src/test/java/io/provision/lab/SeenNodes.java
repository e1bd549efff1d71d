package io.provision.lab;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What is seen of a cluster from beside while something is done to it: which nodes are out of use,
 * and where the pods of {@link ServedLoad} are. One after another of its control planes is asked.
 */
final class SeenNodes implements AutoCloseable {
  private static final String QUESTION =
      """
      kubectl='%s --request-timeout=5s'
      $kubectl get nodes -o 'jsonpath={range .items[*]}node {.metadata.name} {.spec.unschedulable},{.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}' &&
      $kubectl get pods -l app=web -o 'jsonpath={range .items[*]}pod {.spec.nodeName} {.metadata.deletionTimestamp},{.status.conditions[?(@.type=="Ready")].status}{"\\n"}{end}'
      """;

  private final List<Node> servers;
  private final String question;
  private final List<String> order = new ArrayList<>();
  private final List<String> together = new ArrayList<>();
  private final List<Pods> pods = new ArrayList<>();
  private final Thread thread = Thread.ofPlatform().daemon().unstarted(this::look);
  private int looks;
  private volatile boolean ends;

  /**
   * Where pods were that are Ready, at the last look before that changed who is away.
   *
   * @param away the nodes that were out of use
   * @param on how many, by the node
   */
  record Pods(String away, Map<String, Integer> on) {
    Pods {
      on = new TreeMap<>(on);
    }

    @Override
    public String toString() {
      return "%s: %s".formatted(away, on);
    }
  }

  private SeenNodes(List<Node> servers, String kubectl) {
    this.servers = servers;
    this.question = QUESTION.formatted(kubectl);
  }

  /** Looks until it is closed. */
  static SeenNodes of(RealCluster cluster, List<Node> servers) {
    var seen = new SeenNodes(List.copyOf(servers), cluster.kubectl());
    seen.thread.start();
    return seen;
  }

  /** Nodes that were out of use, as they came. Once it is closed, as all of these. */
  List<String> order() {
    return List.copyOf(order);
  }

  /** Those that were so at one time, which nobody wants. */
  List<String> together() {
    return List.copyOf(together);
  }

  /** How often it was told. */
  int looks() {
    return looks;
  }

  /** Before, while each was out of use and between, and after. */
  List<Pods> pods() {
    return List.copyOf(pods);
  }

  private void look() {
    while (!ends) {
      for (var server : servers) {
        try {
          var told = server.sh(question).lines().map(line -> line.split(" ")).toList();
          note(told);
          break;
        } catch (AssertionError | RuntimeException _) {
          continue; // it is the one that is away, or docker has its moments under load
        }
      }
      Pause.milliseconds(200);
    }
  }

  private void note(List<String[]> told) {
    looks++;
    var out = new TreeSet<String>();
    var on = new TreeMap<String, Integer>();
    for (var line : told) {
      if (line[0].equals("node") && !line[2].equals(",True")) {
        out.add(line[1]);
      }
      if (line[0].equals("pod") && line[2].equals(",True")) {
        on.merge(line[1], 1, Integer::sum);
      }
    }
    if (out.size() > 1) {
      together.add(out.toString());
    }
    out.stream().filter(name -> !order.contains(name)).forEach(order::add);
    var away = out.isEmpty() ? "none" : String.join(" and ", out);
    if (!pods.isEmpty() && pods.getLast().away().equals(away)) {
      pods.removeLast();
    }
    pods.add(new Pods(away, on));
  }

  @Override
  public void close() {
    ends = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

package io.provision.steps.kubernetes;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Question;
import io.provision.step.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Every node that came up in this run is Ready in the cluster, with its right address; looked at on
 * one server that is up. Ready may be of a kubelet that is gone: that each has reported since it
 * was started belongs to coming up. Whoever did not come up has said so itself and is not waited
 * for.
 */
public record NodesReady(Distributions distributions) implements AllNodesStep {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final ShellFunction ALL_READY =
      new ShellFunction(
          "nodes_ready",
          """
          kubectl=$1 admin=$2
          shift 2
          nodes=$(admin_kubectl "$kubectl" "$admin" get nodes -o \\
            'go-template={{range .items}}{{$n := .metadata.name}}{{range .status.conditions}}{{if eq .type "Ready"}}{{$n}}={{.status}}{{"\\n"}}{{end}}{{end}}{{end}}' \\
            2>/dev/null) || return 1
          for node do
            case "
          $nodes
          " in *"
          $node=True
          "*) ;; *) return 1 ;; esac
          done\
          """,
          List.of(Kubectl.ADMIN));

  private static final ShellFunction EXPLAIN =
      new ShellFunction(
          "explain_nodes",
          """
          kubectl=$1 admin=$2 unit=$3
          shift 3
          for node do
            admin_kubectl "$kubectl" "$admin" get node "$node" -o \\
              'go-template={{.metadata.name}}: {{range .status.conditions}}{{if eq .type "Ready"}}{{.reason}}: {{.message}}{{"\\n"}}{{end}}{{end}}' \\
              2>/dev/null || echo "$node: not in the cluster"
          done
          journalctl --no-pager -o cat -n 8 -u "$unit" 2>/dev/null
          return 0\
          """,
          List.of(Kubectl.ADMIN));

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(nodes(target));
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var needs = new LinkedHashSet<>(AllNodesStep.super.needs(target));
    needs.add(Need.some(Nodes.ADDRESS, Nodes.all(target.inventory())));
    needs.addAll(PodNetwork.needs(target));
    return needs;
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check act(Target.OnHost target, Observations seen, Known known) {
    var nodes = seen.of(nodes(target));
    var absent = new ArrayList<String>();
    for (var host : Nodes.all(target.inventory())) {
      var node = nodes.get(host.name().value());
      if (Nodes.isUp(host, known) && (node == null || !node.ready())) {
        absent.add(host.name().value());
      } else if (node != null && Nodes.isUp(host, known)) {
        var wrong = wrongAddress(host, node, known);
        if (wrong.isPresent()) {
          return wrong.get();
        }
      }
    }
    if (absent.isEmpty()) {
      return new Check.InSync();
    }
    if (PodNetwork.isMissing(target, known)) {
      return new Check.Refused(
          "%s is not Ready, and the network of pods never came up"
              .formatted(String.join(", ", absent)),
          "fix what its step names, then run the same command again");
    }
    var distribution = distributions.of(target);
    var kubectl = distribution.kubectl();
    var names = new ArrayList<>(absent);
    names.addFirst(distribution.unit(target.host()));
    return new Check.NotYet(
        "%s to be Ready".formatted(String.join(", ", absent)),
        PATIENCE,
        kubectl.call(ALL_READY, absent.toArray(String[]::new)),
        kubectl.call(EXPLAIN, names.toArray(String[]::new)));
  }

  private Question<Map<String, NodeObject>> nodes(Target target) {
    return distributions.of(target).kubectl().nodes();
  }

  private static Optional<Check> wrongAddress(Host host, NodeObject node, Known known) {
    Map<HostName, NodeAddress> addresses = known.all(Nodes.ADDRESS);
    var right = addresses.get(host.name());
    return right == null || same(right, node.address())
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "node %s is in the cluster as %s, but its address is %s"
                    .formatted(host, node.address(), right),
                "set 'node_cidr' or 'node_address'; if it moved, delete the node and run again"));
  }

  private static boolean same(NodeAddress right, String text) {
    try {
      return NodeAddress.parse(text).equals(right);
    } catch (IllegalArgumentException _) {
      return false;
    }
  }
}

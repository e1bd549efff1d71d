package io.provision.steps.k3s;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.NodeAddress;
import io.provision.remote.Call;
import io.provision.remote.ShellFunction;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
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
 * one server that is up.
 */
public record K3sReady() implements Step<Target.OnHost> {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private static final ShellFunction ALL_READY =
      new ShellFunction(
          "k3s_nodes_ready",
          """
          nodes=$(k3s_kubectl get nodes -o \\
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
          List.of(K3sLooks.KUBECTL));

  private static final ShellFunction EXPLAIN =
      new ShellFunction(
          "explain_k3s_nodes",
          """
          for node do
            k3s_kubectl get node "$node" -o \\
              'go-template={{.metadata.name}}: {{range .status.conditions}}{{if eq .type "Ready"}}{{.reason}}: {{.message}}{{"\\n"}}{{end}}{{end}}' \\
              2>/dev/null || echo "$node: not in the cluster"
          done
          journalctl --no-pager -o cat -n 8 -u k3s.service 2>/dev/null
          return 0\
          """,
          List.of(K3sLooks.KUBECTL));

  @Override
  public Probes probes(Target.OnHost target) {
    return Probes.of(K3sLooks.NODES);
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var needs = new LinkedHashSet<>(Asked.needs(target));
    needs.add(Need.some(K3s.NODE_ADDRESS, K3s.nodes(target.inventory())));
    return needs;
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of();
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var elsewhere = Asked.elsewhere(target, known);
    if (elsewhere.isPresent()) {
      return elsewhere.get();
    }
    var nodes = seen.of(K3sLooks.NODES);
    var absent = new ArrayList<String>();
    for (var host : K3s.nodes(target.inventory())) {
      var node = nodes.get(host.name().value());
      if (isUp(host, known) && (node == null || !node.ready())) {
        absent.add(host.name().value());
      } else if (node != null && isUp(host, known)) {
        var wrong = wrongAddress(host, node, known);
        if (wrong.isPresent()) {
          return wrong.get();
        }
      }
    }
    if (absent.isEmpty()) {
      return new Check.InSync();
    }
    var names = absent.toArray(String[]::new);
    return new Check.NotYet(
        "%s to be Ready".formatted(String.join(", ", absent)),
        PATIENCE,
        Call.of(ALL_READY, names),
        Call.of(EXPLAIN, names));
  }

  static boolean isUp(Host host, Known known) {
    return (K3s.isServer(host) ? known.all(K3s.SERVER_UP) : known.all(K3s.AGENT_UP))
        .containsKey(host.name());
  }

  private static Optional<Check> wrongAddress(Host host, NodeSeen node, Known known) {
    Map<HostName, NodeAddress> addresses = known.all(K3s.NODE_ADDRESS);
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

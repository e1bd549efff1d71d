package io.provision.steps.k3s.etcd;

import io.provision.model.Inventory;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.step.datastore.HealthView;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.NodeObject;
import io.provision.steps.kubernetes.Nodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What k3s says of its members: the condition EtcdIsVoter of their nodes (k3s, pkg/etcd/etcd.go).
 * It brings no etcdctl, so that sizes, alarms and the leader are not known.
 */
record K3sMembersView(Kubectl kubectl) implements HealthView {
  private static final String TITLE = "etcd";
  private static final String ROLE = "node-role.kubernetes.io/etcd";
  private static final String VOTER = "MemberNotLearner";

  /** What the API server of one server says of all nodes; none where it does not answer. */
  record SeenNodes(Map<String, NodeObject> nodes) {
    static final Output<SeenNodes> SEEN = new Output<>("etcd-nodes", SeenNodes.class);

    SeenNodes {
      nodes = Map.copyOf(nodes);
    }
  }

  private record NodesLook(Kubectl kubectl) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return Probes.of(kubectl.nodes());
    }

    @Override
    public Set<Output<?>> provides(Target.OnHost target) {
      return Set.of(SeenNodes.SEEN);
    }

    @Override
    public Set<Change.Action> mayDo() {
      return Set.of();
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return new Check.InSync(Observed.of(SeenNodes.SEEN, new SeenNodes(seen.of(kubectl.nodes()))));
    }
  }

  @Override
  public List<Ask> asks(Inventory inventory, Set<Output<?>> provided) {
    var servers = Nodes.servers(inventory);
    return servers.isEmpty()
        ? List.of()
        : List.of(new Ask.OnHosts(TITLE, servers, TITLE, new NodesLook(kubectl)));
  }

  @Override
  public List<Rows> tables(Inventory inventory, Seen seen) {
    var rows = new ArrayList<List<String>>();
    for (var server : Nodes.servers(inventory)) {
      look(server.name().value(), seen)
          .ifPresent(nodes ->
              rows.add(List.of(server.name().value(), state(server.name().value(), nodes))));
    }
    return rows.isEmpty() ? List.of() : List.of(new Rows(TITLE, List.of("host", "state"), rows));
  }

  private static String state(String server, SeenNodes seen) {
    if (seen.nodes().isEmpty()) {
      return "its API server does not answer";
    }
    var node = seen.nodes().get(server);
    if (node == null) {
      return "no node of the cluster";
    }
    return node.etcd().isEmpty()
        ? hasMember(node) ? "a member that says nothing" : "no member"
        : node.etcd().equals(VOTER) ? "votes" : node.etcd();
  }

  @Override
  public Health health(Inventory inventory, Seen seen) {
    var wrong = new ArrayList<String>();
    var members = 0;
    for (var server : Nodes.servers(inventory)) {
      var name = server.name().value();
      var nodes = look(name, seen);
      if (nodes.isPresent()) {
        var node = nodes.get().nodes().get(name);
        members += node != null && hasMember(node) ? 1 : 0;
        wrong(name, nodes.get()).ifPresent(wrong::add);
      }
    }
    var notes = new ArrayList<String>();
    notes.add(
        "k3s brings no etcdctl: sizes, alarms and the leader are not known. It defragments its member at a start");
    if (members == 0 && wrong.isEmpty()) {
      notes.addFirst(
          "no server has a member of etcd: the datastore is SQLite, or a database elsewhere");
    }
    return new Health(wrong, notes);
  }

  private static Optional<String> wrong(String server, SeenNodes seen) {
    if (seen.nodes().isEmpty()) {
      return Optional.of(
          server + ": its API server does not answer. look at it there: journalctl -u k3s");
    }
    var node = seen.nodes().get(server);
    if (node == null) {
      return Optional.of(
          server + ": it is not a node of the cluster. 'provision apply' makes it one");
    }
    return hasMember(node) && !node.etcd().equals(VOTER)
        ? Optional.of(
            "%s: its member does not vote%s. look at it there: journalctl -u k3s"
                .formatted(server, node.etcd().isEmpty() ? "" : " (%s)".formatted(node.etcd())))
        : Optional.empty();
  }

  private static boolean hasMember(NodeObject node) {
    return node.labels().containsKey(ROLE) || !node.etcd().isEmpty();
  }

  private static Optional<SeenNodes> look(String server, Seen seen) {
    return seen.hosts().entrySet().stream()
        .filter(it -> it.getKey().value().equals(server))
        .map(it -> it.getValue().values().get(SeenNodes.SEEN))
        .filter(SeenNodes.class::isInstance)
        .map(SeenNodes.class::cast)
        .findFirst();
  }
}

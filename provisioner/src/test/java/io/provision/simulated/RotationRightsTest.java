package io.provision.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.cli.rotation.RebootPlays;
import io.provision.cli.rotation.pod.RotationRights;
import io.provision.cli.rotation.pod.RotationRights.Rule;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.kube.ClusterAction;
import io.provision.kube.ClusterActions;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.FakeNodes;
import io.provision.kube.ObjectRef;
import io.provision.kube.Time;
import io.provision.model.rotation.RotationChoice;
import io.provision.step.Target;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What a rotation in a pod may ask of the API is what a rotation asks of it: each request that the
 * real steps and actions were seen to send has its right, and each right its request.
 */
final class RotationRightsTest {
  private static final Set<String> SUBRESOURCES = Set.of("pods/eviction");

  @Test
  void everyRequestHasItsRightAndEveryRightItsRequest() throws Exception {
    assertThat(rights()).containsExactlyInAnyOrderElementsOf(seen());
  }

  /** The control: a rotation that asks for one thing more is noticed. */
  @Test
  void whatNobodyMayIsNoticed() throws Exception {
    var seen = seen();
    assertThat(seen).contains("kube-system leases patch", "* pods/eviction create");
    assertThat(rights()).doesNotContain("* secrets list", "* pods delete", "* nodes delete");
    assertThat(SUBRESOURCES).allMatch(it -> seen.contains("* " + it + " create"));
  }

  private static Set<String> rights() {
    var rights = new TreeSet<String>();
    rights.addAll(named("*", RotationRights.ofCluster()));
    rights.addAll(named("kube-system", RotationRights.ofTurn()));
    rights.addAll(named("kube-node-lease", RotationRights.ofHeartbeats()));
    return rights;
  }

  private static Set<String> named(String where, List<Rule> rules) {
    var rights = new TreeSet<String>();
    for (var rule : rules) {
      rule.verbs().forEach(verb -> rights.add("%s %s %s".formatted(where, rule.resource(), verb)));
    }
    return rights;
  }

  private static Set<String> seen() throws Exception {
    var seen = new TreeSet<String>();
    requests().forEach(it -> seen.add(asked(it)));
    for (var play :
        new RebootPlays(
                Site.KUBERNETES.inventory, new RotationChoice(false, false, Optional.empty()))
            .behind(NONE)
            .plays()) {
      if (play instanceof Play.OnCluster(_, var items)) {
        for (var item : items) {
          var target = new Target.OnCluster(Site.KUBERNETES.inventory);
          item.step().probes(target).cluster().forEach(it -> seen.add(asked(it)));
        }
      }
    }
    seen.add("* namespaces get"); // by which another server of the API is tried
    return seen;
  }

  private static final Playbook NONE = new Playbook(List.of());

  private static String asked(ClusterQuestion<?> question) {
    return switch (question) {
      case ClusterQuestion.One(var ref) -> "* %s get".formatted(plural(ref.kind()));
      case ClusterQuestion.Declared(var it) -> "* %s get".formatted(plural(it.ref().kind()));
      case ClusterQuestion.All(_, var kind, _) -> "* %s list".formatted(plural(kind));
      case ClusterQuestion.InPassing(var all) -> asked(all);
      case ClusterQuestion.States(_, var kind, _, _) -> "* %s list".formatted(plural(kind));
      case ClusterQuestion.Whole(_, var kind, _) -> "* %s list".formatted(plural(kind));
      case ClusterQuestion.FromHere _ -> "* services list";
    };
  }

  /** As {@link FakeNodes} notes it. */
  private static String asked(String request) {
    var words = request.split(" ", 3);
    return switch (words[0]) {
      case "pods", "list" -> "* pods list";
      case "attachments" -> "* volumeattachments list";
      case "evict" -> "* pods/eviction create";
      case "read" -> of(words, "get");
      case "merge" -> of(words, "patch");
      case "create" -> of(words, "create");
      case "delete" -> of(words, "delete");
      default -> throw new IllegalStateException(request);
    };
  }

  private static String of(String[] words, String verb) {
    var kind = words[1];
    var where = kind.equals("Lease") ? words[2].substring(0, words[2].indexOf('/')) : "*";
    return "%s %s %s".formatted(where, plural(kind), verb);
  }

  private static String plural(String kind) {
    return kind.toLowerCase(Locale.ROOT) + "s";
  }

  /** Of a whole rotation, and of nodes with all that a drain can come across. */
  private static List<String> requests() throws Exception {
    var all =
        new java.util.ArrayList<>(
            RotationSimulationTest.undisturbed(Site.KUBERNETES).world().nodes.requests());
    var nodes = new FakeNodes().node("w1").node("w2").node("w3");
    workload(nodes, "apps/v1", "StatefulSet", "db");
    workload(nodes, "v1", "ReplicationController", "old");
    workload(nodes, "apps/v1", "Deployment", "web");
    nodes.object(
        ref("apps/v1", "ReplicaSet", "web"),
        Map.of(
            "metadata",
            Map.of("ownerReferences", List.of(owner("apps/v1", "Deployment", "web"))),
            "spec",
            Map.of("replicas", 2)));
    pod(nodes, "db1", "apps/v1", "StatefulSet", "db");
    pod(nodes, "old1", "v1", "ReplicationController", "old");
    pod(nodes, "web1", "apps/v1", "ReplicaSet", "web");
    pod(nodes, "logs1", "apps/v1", "DaemonSet", "logs"); // it stays, and so does its volume
    nodes.uses("logs1", "files", "pv-1").attached("pv-1", "w1", 3);
    var actions = new ClusterActions(nodes, new Passing(), _ -> {});
    var minute = Duration.ofMinutes(1);
    actions.run(new ClusterAction.Drain("w1", "rotation", minute, minute));
    actions.run(new ClusterAction.SpreadAgain("w1", "rotation", List.of("w2", "w3")));
    all.addAll(nodes.requests());
    return all;
  }

  private static ObjectRef ref(String apiVersion, String kind, String name) {
    return new ObjectRef(apiVersion, kind, Optional.of("shop"), name);
  }

  private static Map<String, Object> owner(String apiVersion, String kind, String name) {
    return Map.of("apiVersion", apiVersion, "kind", kind, "name", name, "controller", true);
  }

  private static void workload(FakeNodes nodes, String apiVersion, String kind, String name) {
    var labels = Map.of("app", name);
    nodes.object(
        ref(apiVersion, kind, name),
        Map.of(
            "spec",
            Map.of(
                "replicas",
                1,
                "selector",
                kind.equals("ReplicationController") ? labels : Map.of("matchLabels", labels))));
  }

  private static void pod(FakeNodes nodes, String name, String apiVersion, String kind, String of) {
    nodes.pod(
        name,
        "w1",
        Map.of(
            "labels", Map.of("app", of), "ownerReferences", List.of(owner(apiVersion, kind, of))),
        1);
    nodes.instead(name, name + "b", "w2", 1);
    nodes.ready(name);
  }

  /** Time goes by as it is waited for. */
  private static final class Passing implements Time {
    private long now;

    @Override
    public void pause(Duration time) {
      now += time.toNanos();
    }

    @Override
    public long nanos() {
      return now;
    }
  }
}

package io.provision.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.cli.run.Inputs;
import io.provision.cli.run.Refused;
import io.provision.console.text.Table;
import io.provision.engine.event.Finding;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.RunVerb;
import io.provision.engine.event.SavedPlan;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.kube.ObjectStates;
import io.provision.kube.ObjectStates.State;
import io.provision.load.bind.Surroundings;
import io.provision.model.Position;
import io.provision.model.Sha256;
import io.provision.step.Observed;
import io.provision.steps.kubernetes.status.ClusterState;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A status says of every node whether it is Ready, and of every pod that does not run why. */
class KubernetesTablesTest {
  private static final String INVENTORY =
      """
      cluster:
        name: home
        distribution: k3s
        version: v1.36.4+k3s1
        network: { node_cidr: 10.0.0.0/24 }
      hosts:
        cp1: { address: 10.0.0.1, roles: [control-plane] }
        w1: { address: 10.0.0.2, roles: [worker] }
        w2: { address: 10.0.0.3, roles: [worker] }
      """;

  @TempDir Path directory;
  private Inputs.Read read;

  @BeforeEach
  void load() throws IOException, Refused {
    var file = Files.writeString(directory.resolve("home.yml"), INVENTORY);
    read = new Inputs(new Surroundings(Map.of(), directory)).read(file, Optional.empty());
  }

  @Test
  void nodesAreShownWithTheirKubeletAndWhyTheyAreNotReady() {
    var tables =
        tables(
            new ObjectStates.Seen(
                List.of(
                    node("cp1", true, ""),
                    node("w1", false, "container runtime is down"),
                    node("old", true, "")),
                true),
            new ObjectStates.Seen(
                List.of(
                    new State(
                        Optional.of("kube-system"), "dns", Map.of(), Map.of("phase", "Pending"))),
                true));
    assertThat(rows(tables, "nodes"))
        .containsExactly(
            List.of("cp1", "yes", "v1.36.4+k3s1", ""),
            List.of("old", "yes", "v1.36.4+k3s1", "not in the inventory"),
            List.of("w1", "no", "v1.36.4+k3s1", "KubeletNotReady: container runtime is down"),
            List.of("w2", "no", "", "it never registered: the cluster has no such node"));
    assertThat(rows(tables, "pods that do not run"))
        .containsExactly(List.of("kube-system/dns", "Pending"));
  }

  @Test
  void aSilentApiIsSaidAndNothingIsClaimed() {
    var silent = new ObjectStates.Unheard("the cluster's API at x does not answer (refused)");
    var tables = tables(silent, silent);
    assertThat(rows(tables, "nodes"))
        .hasSize(3)
        .allSatisfy(row -> assertThat(row).contains("unknown", silent.why()));
    assertThat(rows(tables, "pods that do not run"))
        .containsExactly(List.of("unknown", silent.why()));
  }

  @Test
  void whereNoServerIsUpYetTheReasonIsShown() {
    var pending = new Outcome.Pending("'k3s-server' on cp1", Set.of());
    var tables = StatusTables.areas(read.inventory(), result(Map.of(), Optional.of(pending)));
    assertThat(rows(tables, "nodes"))
        .allSatisfy(row -> assertThat(row.getLast()).contains("first comes 'k3s-server' on cp1"));
    // as under a limit that does not name the cluster
    assertThat(StatusTables.areas(read.inventory(), result(Map.of(), Optional.empty()))).isEmpty();
  }

  @Test
  void whatWasNotLookedAtIsNotCalledAbsentAndManyPodsStayOneScreen() {
    var pods = new ArrayList<State>();
    for (var i = 0; i < 60; i++) {
      pods.add(new State(Optional.of("a"), "p" + i, Map.of(), Map.of("phase", "Pending")));
    }
    var tables =
        tables(
            new ObjectStates.Seen(List.of(node("cp1", true, "")), false),
            new ObjectStates.Seen(pods, false));
    assertThat(rows(tables, "nodes"))
        .contains(List.of("w1", "unknown", "", "only the first 1 were looked at"));
    assertThat(rows(tables, "pods that do not run"))
        .hasSize(52)
        .endsWith(
            List.of("and 10 more", "kubectl get pods -A"),
            List.of("others", "only the first 60 were looked at"));
  }

  @Test
  void onlyAPlaybookThatReachesAnApiIsAsked() {
    var asked = StatusTables.asked(read.playbook(), read.inventory());
    assertThat(asked.plays()).hasSize(read.playbook().plays().size() + 1);
    var none = new io.provision.engine.playbook.Playbook(List.of());
    assertThat(StatusTables.asked(none, read.inventory())).isEqualTo(none);
  }

  private static State node(String name, boolean ready, String message) {
    var condition =
        Map.of(
            "type",
            "Ready",
            "status",
            ready ? "True" : "False",
            "reason",
            ready ? "KubeletReady" : "KubeletNotReady",
            "message",
            message);
    return new State(
        Optional.empty(),
        name,
        Map.of(),
        Map.of(
            "conditions",
            List.of(condition),
            "nodeInfo",
            Map.of("kubeletVersion", "v1.36.4+k3s1")));
  }

  private SequencedMap<String, Table> tables(ObjectStates nodes, ObjectStates pods) {
    var seen = Observed.of(ClusterState.SEEN, new ClusterState.Seen(nodes, pods));
    return StatusTables.areas(
        read.inventory(), result(Map.of(TargetName.CLUSTER, seen), Optional.of(new Outcome.Ok())));
  }

  private static RunResult result(Map<TargetName, Observed> seen, Optional<Outcome> outcome) {
    var tallies = new TreeMap<TargetName, Report.Tally>();
    var findings =
        outcome.stream()
            .peek(it -> tallies.put(TargetName.CLUSTER, Report.Tally.NONE.plus(it)))
            .map(it ->
                new Finding(
                    TargetName.CLUSTER,
                    new StepRef("cluster-state", 0, new Position("status", 1, 1)),
                    it,
                    Set.of(),
                    Sha256.of(new byte[0])))
            .toList();
    var report = new Report("r", RunVerb.PLAN, tallies, Duration.ZERO, Optional.empty(), false);
    return new RunResult(report, new SavedPlan("k", findings), seen);
  }

  private static List<List<String>> rows(SequencedMap<String, Table> tables, String title) {
    return tables.get(title).rows();
  }
}

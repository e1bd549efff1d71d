package io.provision.steps.kubernetes.leave;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Cluster;
import io.provision.model.Inventory;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.resource.FileTransfer;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Departure;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Orphan;
import io.provision.step.Removals;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.kubeadm.KubeadmCases;
import io.provision.steps.kubeadm.KubeadmDistribution;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Distribution;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Nodes whose lines are gone from the inventory: one that still runs would be a node again with its
 * next start, and nobody says how to log in to it. With either distribution.
 */
final class NodesWithoutLinesTest {
  /**
   * A server and an agent that the inventory does not name.
   *
   * @param member the label by which the distribution knows a member of its datastore
   */
  private record Case(
      Distribution distribution,
      Cluster.Distribution declared,
      Inventory inventory,
      String member) {
    @Override
    public String toString() {
      return distribution.getClass().getSimpleName();
    }

    private String nodes(String server, String agent) {
      var label = "label=%s=true\n".formatted(member.replace("/", "%2F"));
      var staying =
          Stream.of("cp1", "cp2", "cp3")
              .map(name -> "node=%s\nready=True\naddress=10.0.0.1\n%s".formatted(name, label))
              .reduce("", String::concat);
      return staying
          + "node=old\nready=%s\naddress=10.0.0.8\n%s".formatted(server, label)
          + "node=w9\nready=%s\naddress=10.0.0.9\n".formatted(agent);
    }

    private List<Departure> departures(String nodes) {
      var step = new NodeDepartures(new Distributions(Map.of(declared, distribution)));
      var question = distribution.kubectl().nodes();
      var seen = new Observations.Builder().put(question, Cases.read(question, nodes)).build();
      var known = new Cases.Settled();
      for (var server : Nodes.servers(inventory)) {
        var kept = Call.of(FileTransfer.READ, "/admin.conf");
        known
            .has(server, Nodes.SERVER_UP, true)
            .has(server, Nodes.REGISTERED, true)
            .has(
                server,
                ClusterAccess.OUTPUT,
                new ClusterAccess(
                    List.of("https://10.0.0.1:6443"),
                    new Handoff.Kept(server.name(), kept),
                    Optional.empty()));
      }
      Known asked = known.asked(new Removals(Set.of("old", "w9")));
      var first = Cases.on(Nodes.servers(inventory).getFirst(), inventory);
      return ((Check.Leaving) step.check(first, seen, asked)).departures();
    }
  }

  static Stream<Arguments> distributions() {
    var servers = Cases.inventory(Cases.server(1), Cases.server(2), Cases.server(3));
    return Stream.of(
            new Case(
                new K3sDistribution(),
                K3sDistribution.DECLARED,
                servers,
                "node-role.kubernetes.io/etcd"),
            new Case(
                new KubeadmDistribution(),
                KubeadmDistribution.DECLARED,
                KubeadmCases.inventory(""),
                "node-role.kubernetes.io/control-plane"))
        .map(Arguments::of);
  }

  @ParameterizedTest
  @MethodSource("distributions")
  void oneThatStillRunsIsRefusedThoughItWasNamed(Case it) {
    var departures = it.departures(it.nodes("True", "True"));
    assertThat(departures)
        .extracting(Departure::orphans)
        .containsExactly(Set.of(Orphan.host("old")), Set.of(Orphan.host("w9")));
    assertThat(departures)
        .allSatisfy(departure ->
            assertThat(departure.removal())
                .isInstanceOfSatisfying(
                    Check.Refused.class,
                    refused -> {
                      assertThat(refused.what()).startsWith("it still runs");
                      assertThat(refused.what()).endsWith("it would come back");
                      assertThat(refused.remedy()).contains("'leaving: true'");
                    }));
  }

  @ParameterizedTest
  @MethodSource("distributions")
  void oneThatIsDeadGoes(Case it) {
    assertThat(it.departures(it.nodes("Unknown", "Unknown")))
        .hasSize(2)
        .allSatisfy(departure -> assertThat(departure.removal()).isInstanceOf(Check.Drift.class))
        .satisfiesExactly(
            server -> assertThat(server.changes().toString()).contains("member old of etcd"),
            agent -> assertThat(agent.changes().toString()).doesNotContain("etcd"));
  }
}

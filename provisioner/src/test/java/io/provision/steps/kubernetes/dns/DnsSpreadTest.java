package io.provision.steps.kubernetes.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterChange;
import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.model.Host;
import io.provision.model.Taint;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** CoreDNS of a cluster that grew, on an API that applies as Kubernetes does. */
class DnsSpreadTest {
  private final FakeCluster cluster = new FakeCluster();
  private final FakeApi api = new FakeApi(cluster);
  private List<Host> hosts = List.of(Cases.server(1), Cases.agent(1));
  private Set<String> up = Set.of("cp1", "w1");

  @BeforeEach
  void aCoreDnsAsKubeadmMakesIt() {
    cluster.apply(
        Manifest.of(
            Map.of(
                "apiVersion",
                "apps/v1",
                "kind",
                "Deployment",
                "metadata",
                Map.of("name", "coredns", "namespace", "kube-system"),
                "spec",
                Map.of("replicas", 2L))),
        "kubeadm",
        true);
    pod("coredns-1", "kube-system", "cp1");
    pod("coredns-2", "kube-system", "cp1");
    pod("mine", "other", "w1");
  }

  private void pod(String name, String namespace, String node) {
    cluster.apply(
        Manifest.of(
            Map.of(
                "apiVersion",
                "v1",
                "kind",
                "Pod",
                "metadata",
                Map.of(
                    "name", name, "namespace", namespace, "labels", Map.of("k8s-app", "kube-dns")),
                "spec",
                Map.of("nodeName", node))),
        "kubelet",
        true);
  }

  private Known known() {
    var settled = new Cases.Settled();
    for (var host : hosts) {
      var output = Nodes.isServer(host) ? Nodes.SERVER_UP : Nodes.AGENT_UP;
      if (up.contains(host.name().value())) {
        settled.has(host, output, true);
        if (Nodes.isServer(host)) {
          settled.has(host, Nodes.REGISTERED, true);
        }
      } else {
        settled.never(host, output);
      }
    }
    return settled;
  }

  private Check check() throws Exception {
    var step = new DnsSpread();
    var target = new Target.OnCluster(Cases.inventory(hosts.toArray(Host[]::new)));
    var seen = new Observations.Builder();
    api.view().look(List.copyOf(step.probes(target).cluster())).forEach(seen::put);
    return step.check(target, seen.build(), known());
  }

  private void apply() throws Exception {
    for (var change : ((Repair.OnCluster) ((Check.Drift) check()).repair()).changes()) {
      api.change(change);
    }
  }

  @Test
  void podsThatAreAllOnOneOfTwoNodesAreMadeAgainButForOne() throws Exception {
    assertThat(check())
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it ->
                assertThat(it.changes())
                    .singleElement()
                    .extracting(Change::subject)
                    .isEqualTo("Deployment kube-system/coredns"));
    apply();
    assertThat(cluster.refs()).contains(of("coredns-1")).doesNotContain(of("coredns-2"));
    assertThat(check()).as("the other one is awaited").isInstanceOf(Check.NotYet.class);
    pod("coredns-3", "kube-system", "w1");
    assertThat(check()).isEqualTo(new Check.InSync());
    assertThat(cluster.live(DnsSpread.COREDNS).content().toString())
        .as("what others have set is kept")
        .contains("replicas=2");
  }

  /** As on a node that is down: its pods stay in the list until it is back. */
  @Test
  void aPodThatIsGoingDoesNotCount() throws Exception {
    pod("coredns-3", "kube-system", "w1");
    assertThat(check()).isEqualTo(new Check.InSync());
    cluster.update(
        of("coredns-3"), "api", "2026-01-01T00:00:00Z", "f:metadata", "f:deletionTimestamp");
    assertThat(check()).isInstanceOf(Check.Drift.class);
  }

  @Test
  void whatKeepsTheSecondOneAwayIsSaidAndOneThatWasEvictedDoesNotCount() throws Exception {
    pod("coredns-2", "kube-system", "w1");
    cluster.status(
        of("coredns-2"), Map.of("phase", "Failed", "message", "The node had DiskPressure"));
    assertThat(check())
        .isInstanceOfSatisfying(
            Check.NotYet.class, it -> assertThat(it.toString()).contains("had DiskPressure"));
    cluster.status(of("coredns-2"), Map.of("phase", "Running"));
    assertThat(check()).isEqualTo(new Check.InSync());
  }

  /** The mark is not there yet where it is killed after the first request. */
  @Test
  void killedInBetweenItLooksAgainWhereTheyAre() throws Exception {
    var changes = ((Repair.OnCluster) ((Check.Drift) check()).repair()).changes();
    assertThat(changes.getLast()).isInstanceOf(ClusterChange.Apply.class);
    api.change(changes.getFirst());
    pod("coredns-3", "kube-system", "cp1");
    assertThat(check()).isInstanceOf(Check.Drift.class);
  }

  @Test
  void whereTheyComeTogetherAgainThatIsSaidAndLeftUntilThereIsOneNodeMore() throws Exception {
    apply();
    pod("coredns-3", "kube-system", "cp1");
    assertThat(check())
        .isInstanceOfSatisfying(
            Check.InSync.class, it -> assertThat(it.toString()).contains("run on cp1"));
    hosts = List.of(Cases.server(1), Cases.agent(1), Cases.agent(2));
    up = Set.of("cp1", "w1", "w2");
    assertThat(check()).isInstanceOf(Check.Drift.class);
  }

  @Test
  void aNodeThatIsDownOrKeepsCoreDnsAwayDoesNotCount() throws Exception {
    up = Set.of("cp1");
    assertThat(check()).isEqualTo(new Check.InSync());
    up = Set.of("cp1", "w1");
    hosts = List.of(Cases.server(1), tainted(Cases.agent(1), "gpu=yes:NoSchedule"));
    assertThat(check()).isEqualTo(new Check.InSync());
    hosts = List.of(Cases.server(1), tainted(Cases.agent(1), "gpu=yes:PreferNoSchedule"));
    assertThat(check()).isInstanceOf(Check.Drift.class);
    hosts =
        List.of(
            Cases.agent(1),
            tainted(Cases.server(1), "node-role.kubernetes.io/control-plane:NoSchedule"));
    assertThat(check()).isInstanceOf(Check.Drift.class);
  }

  @Test
  void oneReplicaOrNoCoreDnsIsSomebodysChoice() throws Exception {
    cluster.update(DnsSpread.COREDNS, "kubectl-scale", 1L, "f:spec", "f:replicas");
    cluster.delete(of("coredns-2"));
    assertThat(check()).isEqualTo(new Check.InSync());
    cluster.delete(DnsSpread.COREDNS);
    assertThat(check()).isInstanceOf(Check.Skipped.class);
  }

  private static ObjectRef of(String pod) {
    return new ObjectRef("v1", "Pod", Optional.of("kube-system"), pod);
  }

  private static Host tainted(Host it, String taint) {
    return new Host(
        it.name(),
        it.address(),
        it.nodeAddress(),
        it.roles(),
        it.labels(),
        List.of(Taint.parse(taint)),
        it.ssh(),
        it.sections(),
        it.vars(),
        it.position());
  }
}

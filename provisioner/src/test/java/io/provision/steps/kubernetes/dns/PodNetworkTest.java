package io.provision.steps.kubernetes.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.step.Check;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.NodesReady;
import io.provision.steps.kubernetes.PodNetwork;
import io.provision.steps.kubernetes.TestDistribution;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be before the network of pods is has no patience of its own for that network. */
class PodNetworkTest {
  private static final TestDistribution TEST = new TestDistribution();
  private static final Host SERVER = Cases.server(1);

  static List<Step<Target.OnHost>> steps() {
    return List.of(new NodesReady(TEST.alone()), new ClusterDns(TEST.alone()));
  }

  private static Target.OnHost with(Cluster.Cni cni) {
    Inventory inventory = Cases.inventory(Cases.cluster("v1.36.4+k3s1", cni, Map.of()), SERVER);
    return Cases.on(SERVER, inventory);
  }

  @ParameterizedTest
  @MethodSource("steps")
  void theNetworkThatAStepBringsIsWaitedForAndNoOther(Step<Target.OnHost> step) {
    var need = Need.clusterIfEver(PodNetwork.UP);
    assertThat(step.needs(with(Cluster.Cni.CALICO))).contains(need);
    assertThat(step.needs(with(Cluster.Cni.FLANNEL))).doesNotContain(need);
  }

  @ParameterizedTest
  @MethodSource("steps")
  void whereItDidNotComeUpThatIsTheReasonAndNothingIsWaitedFor(Step<Target.OnHost> step) {
    var known = up();
    assertThat(check(step, with(Cluster.Cni.CALICO), known, false))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("network of pods"));
    assertThat(check(step, with(Cluster.Cni.CALICO), known, true))
        .as("it works all the same")
        .isInstanceOf(Check.InSync.class);
    assertThat(check(step, with(Cluster.Cni.FLANNEL), known, false))
        .isInstanceOf(Check.NotYet.class);
    var there = up().ofCluster(PodNetwork.UP, true);
    assertThat(check(step, with(Cluster.Cni.CALICO), there, false))
        .isInstanceOf(Check.NotYet.class);
  }

  private static Cases.Settled up() {
    return new Cases.Settled()
        .address(SERVER)
        .has(SERVER, Nodes.SERVER_UP, true)
        .has(SERVER, Nodes.REGISTERED, true);
  }

  private static Check check(
      Step<Target.OnHost> step, Target.OnHost target, Cases.Settled known, boolean works) {
    var seen = new Observations.Builder();
    var node = "node=cp1\nready=%s\naddress=10.0.0.1\n".formatted(works ? "True" : "False");
    if (step instanceof ClusterDns) {
      step.probes(target)
          .questions()
          .forEach(question -> ClusterDnsTest.put(seen, question, works));
    } else {
      seen.put(TEST.kubectl().nodes(), Cases.read(TEST.kubectl().nodes(), node));
    }
    return step.check(target, seen.build(), known);
  }
}

package io.provision.steps.kubernetes;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.model.SshAddress;
import io.provision.model.SshSettings;
import io.provision.model.Taint;
import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Repair;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NodeLabelsTest {
  private static final TestDistribution TEST = new TestDistribution();

  private static final String NODE =
      """
      node=cp1
      ready=True
      address=10.0.0.1
      version=v1.36.4%2Bk3s1
      label=disk=ssd
      label=theirs=keep
      taint=dedicated=storage:NoSchedule
      taint=theirs=:NoExecute
      labels=disk
      taints=dedicated%3Dstorage%3ANoSchedule
      """;

  private static Host host(Map<String, String> labels, String... taints) {
    return new Host(
        new HostName("cp1"),
        new SshAddress("10.0.0.1"),
        Optional.empty(),
        Set.of(Role.CONTROL_PLANE),
        labels,
        List.of(taints).stream().map(Taint::parse).toList(),
        SshSettings.DEFAULTS,
        Map.of(),
        Cases.NOWHERE);
  }

  private static Check check(Host host) {
    var known =
        new Cases.Settled().has(host, Nodes.SERVER_UP, true).has(host, Nodes.REGISTERED, true);
    return check(host, Cases.inventory(host), NODE, known);
  }

  private static Check check(Host host, Inventory inventory, String nodes, Known known) {
    var seen =
        new Observations.Builder()
            .put(TEST.kubectl().nodes(), Cases.read(TEST.kubectl().nodes(), nodes))
            .build();
    return new NodeLabels(TEST.alone()).check(Cases.on(host, inventory), seen, known);
  }

  /** An API server that does not answer has none either. */
  @Test
  void aNodeThatIsNotThereIsNotAsItShouldBeAlthoughItsHostRunsOne() {
    var server = host(Map.of("disk", "ssd"), "dedicated=storage:NoSchedule");
    var agent = Cases.agent(1);
    var inventory = Cases.inventory(server, agent);
    for (var nodes : List.of(NODE, "")) {
      var up =
          new Cases.Settled()
              .has(server, Nodes.SERVER_UP, true)
              .has(server, Nodes.REGISTERED, true);
      assertThat(check(server, inventory, nodes, up.has(agent, Nodes.AGENT_UP, true)))
          .isInstanceOfSatisfying(
              Check.NotYet.class,
              it -> assertThat(it.awaited()).contains("w1 to be a node of the cluster"));
    }
    var failed =
        new Cases.Settled()
            .has(server, Nodes.SERVER_UP, true)
            .has(server, Nodes.REGISTERED, true)
            .never(agent, Nodes.AGENT_UP);
    assertThat(check(server, inventory, NODE, failed))
        .as("told where it failed")
        .isInstanceOf(Check.InSync.class);
  }

  private static List<String> last(Check check, int index) {
    var scripts = ((Repair.OnHost) ((Check.Drift) check).repair()).scripts();
    return scripts.stream().map(Script::call).toList().get(index).arguments();
  }

  @Test
  void whatIsThereIsLeftAlone() {
    assertThat(check(host(Map.of("disk", "ssd"), "dedicated=storage:NoSchedule")))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void whatIsTakenOutIsRemovedAndWhatOthersSetStays() {
    var check = check(host(Map.of()));
    assertThat(((Check.Drift) check).changes())
        .extracting(Change::action)
        .containsExactly(Change.Action.REMOVE, Change.Action.REMOVE);
    assertThat(last(check, 0))
        .containsExactly(
            "/test/kubectl",
            "/test/admin.conf",
            "cp1",
            "disk",
            "dedicated=storage:NoSchedule",
            "label",
            "disk-",
            "taint",
            "dedicated=storage:NoSchedule-");
    assertThat(last(check, 1)).containsExactly("/test/kubectl", "/test/admin.conf", "cp1", "", "");
  }

  @Test
  void whatIsOursIsRecordedBeforeItIsSet() {
    var check = check(host(Map.of("disk", "ssd", "zone", "a"), "dedicated=storage:NoSchedule"));
    assertThat(last(check, 0))
        .containsExactly(
            "/test/kubectl",
            "/test/admin.conf",
            "cp1",
            "disk,zone",
            "dedicated=storage:NoSchedule",
            "label",
            "zone=a");
  }

  @Test
  void aNodeIsReadAsItIs() {
    var node = Cases.read(TEST.kubectl().nodes(), NODE).get("cp1");
    assertThat(node)
        .isEqualTo(
            new NodeObject(
                "cp1",
                true,
                "10.0.0.1",
                "v1.36.4+k3s1",
                Map.of("disk", "ssd", "theirs", "keep"),
                List.of("dedicated=storage:NoSchedule", "theirs:NoExecute"),
                List.of("disk"),
                List.of("dedicated=storage:NoSchedule"),
                "",
                "",
                List.of()));
  }

  /** Volumes come after all nodes, and belong to the node of their label, whatever its name. */
  @Test
  void aNodeHasItsClaimItsMemberAndTheVolumesThatAreOnItAlone() {
    var nodes =
        Cases.read(
            TEST.kubectl().nodes(),
            NODE
                + """
                claim=leaving
                etcd=MemberNotLearner
                label=kubernetes.io%2Fhostname=host-1
                node=w1
                ready=False
                volume=host-1=data-1=shop%2Fdata
                volume=w1=left=
                volume=host-1=data-2=
                """);
    assertThat(nodes.get("cp1").claim()).isEqualTo("leaving");
    assertThat(nodes.get("cp1").etcd()).isEqualTo("MemberNotLearner");
    assertThat(nodes.get("cp1").volumes())
        .containsExactly(
            new NodeObject.LocalVolume("data-1", "shop/data"),
            new NodeObject.LocalVolume("data-2", ""));
    assertThat(nodes.get("w1").volumes()).containsExactly(new NodeObject.LocalVolume("left", ""));
    assertThat(Cases.read(TEST.kubectl().nodes(), "volume=w1=left=\n")).isEmpty();
  }
}

package io.provision.steps.k3s;

import static io.provision.steps.kubernetes.Cases.agent;
import static io.provision.steps.kubernetes.Cases.inventory;
import static io.provision.steps.kubernetes.Cases.on;
import static io.provision.steps.kubernetes.Cases.server;
import static io.provision.steps.kubernetes.Cases.state;
import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Cluster;
import io.provision.model.Content;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Who begins a cluster, who joins through whom, and what a living cluster cannot change. */
class ClusterInitTest {
  private final Host cp1 = server(1);
  private final Host cp2 = server(2);
  private final Host cp3 = server(3);
  private final Host w1 = agent(1);
  private final Inventory three = inventory(cp1, cp2, cp3, w1);

  private static Check check(Host host, Inventory inventory, Cases.Settled known, String config) {
    return check(host, inventory, known, config, "arch=x86_64");
  }

  private static Check check(
      Host host, Inventory inventory, Cases.Settled known, String config, String basics) {
    var file = FileState.ABSENT;
    if (!config.isEmpty()) {
      var content = new Content.Plain(config.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      file =
          new FileState(
              FileState.Type.FILE,
              false,
              FileMode.PRIVATE,
              new FileState.Owner("root", "root", "0", "0"),
              config.length(),
              Optional.of(content.sha256()),
              Optional.of(content));
    }
    var seen =
        new Observations.Builder()
            .put(K3sLooks.BASICS, K3sCases.basics(basics))
            .put(K3sLooks.FOREIGN, K3sCases.foreign(""))
            .put(K3sLooks.INTERFACES, Map.of(host.address().value(), "eth1"))
            .put(Files.text(K3s.CONFIG), file)
            .build();
    return new K3sConfig().check(on(host, inventory), seen, known);
  }

  /** The file that would be written. */
  private static String written(Check check) {
    assertThat(check).isInstanceOf(Check.Drift.class);
    var detail = ((Check.Drift) check).changes().getFirst().detail();
    return ((Change.Detail.Text) detail).to();
  }

  private Cases.Settled allEmpty() {
    return K3sCases.settled()
        .address(cp1, cp2, cp3, w1)
        .has(cp1, Nodes.STATE, state(false, false))
        .has(cp2, Nodes.STATE, state(false, false))
        .has(cp3, Nodes.STATE, state(false, false));
  }

  @Test
  void theFirstServerBeginsWhenAllAreEmpty() {
    assertThat(written(check(cp1, three, allEmpty(), "")))
        .contains("cluster-init: true")
        .doesNotContain("\nserver:");
  }

  @Test
  void aSingleServerBeginsWithEtcdSoThatItCanGrow() {
    var known = K3sCases.settled().address(cp1).has(cp1, Nodes.STATE, state(false, false));
    assertThat(written(check(cp1, inventory(cp1), known, ""))).contains("cluster-init: true");
  }

  @Test
  void theOperatorCanHaveItWithoutEtcd() {
    var cluster = Cases.cluster("v1.36.4+k3s1", Cluster.Cni.FLANNEL, Map.of("cluster-init", false));
    var known = K3sCases.settled().address(cp1).has(cp1, Nodes.STATE, state(false, false));
    assertThat(written(check(cp1, inventory(cluster, cp1), known, "")))
        .contains("cluster-init: false");
  }

  @Test
  void theOthersJoinThroughOneThatIsUp() {
    var known = allEmpty().has(cp1, Nodes.SERVER_UP, true);
    assertThat(written(check(cp2, three, known, "")))
        .contains("server: https://10.0.0.1:6443")
        .doesNotContain("cluster-init");
  }

  @Test
  void anEmptyFirstServerJoinsThroughAnyHealthyOne() {
    var known = allEmpty().has(cp3, Nodes.STATE, state(true, true));
    assertThat(written(check(cp1, three, known, ""))).contains("server: https://10.0.0.3:6443");
  }

  @Test
  void aServerThatWasNotSeenStopsTheBeginning() {
    var known =
        K3sCases.settled()
            .address(cp1, cp2)
            .has(cp1, Nodes.STATE, state(false, false))
            .has(cp2, Nodes.STATE, state(false, false))
            .never(cp3, Nodes.STATE);
    assertThat(check(cp1, three, known, ""))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("no cluster is begun", "cp3", "no route"));
  }

  @Test
  void aServerThatWasNotSeenDoesNotStopAJoin() {
    var known =
        K3sCases.settled()
            .address(cp1, cp2)
            .has(cp1, Nodes.STATE, state(true, true))
            .has(cp2, Nodes.STATE, state(false, false))
            .never(cp3, Nodes.STATE);
    assertThat(written(check(cp2, three, known, ""))).contains("server: https://10.0.0.1:6443");
  }

  @Test
  void aClusterThatDoesNotAnswerIsNotReplaced() {
    var known = allEmpty().has(cp2, Nodes.STATE, state(true, false));
    assertThat(check(cp1, three, known, ""))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("cp2 holds the cluster and does not answer"));
  }

  @Test
  void onlyTheFirstServerBegins() {
    assertThat(check(cp2, three, allEmpty().never(cp1, Nodes.SERVER_UP), ""))
        .isInstanceOfSatisfying(
            Check.Refused.class, it -> assertThat(it.what()).contains("begins on cp1"));
  }

  @Test
  void aMemberKeepsTheLineItCameInBy() {
    var first = written(check(cp2, three, allEmpty().has(cp1, Nodes.SERVER_UP, true), ""));
    var known = allEmpty().has(cp3, Nodes.STATE, state(true, true));
    assertThat(check(cp2, three, known, first, "arch=x86_64\nmember=yes"))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void aLivingClusterKeepsItsRanges() {
    for (var line :
        new String[] {
          "cluster-cidr: \"10.9.0.0/16\"", "service-cidr: \"10.9.0.0/16\"", "flannel-backend: none"
        }) {
      assertThat(check(cp1, three, allEmpty(), line + "\n", "arch=x86_64\nmember=yes"))
          .as(line)
          .isInstanceOfSatisfying(
              Check.Refused.class, it -> assertThat(it.what()).contains("the cluster lives with"));
      assertThat(check(cp1, three, allEmpty(), line + "\n"))
          .as("no cluster yet: %s", line)
          .isInstanceOf(Check.Drift.class);
    }
  }

  @Test
  void nobodyJoinsAServerThatKeepsItsClusterInSqlite() {
    var sqlite = "arch=x86_64\nmember=yes\nsqlite=yes";
    assertThat(check(cp1, three, allEmpty(), "write-kubeconfig-mode: 600\n", sqlite))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> {
              assertThat(it.what()).contains("SQLite", "3 control planes");
              assertThat(it.remedy()).contains("cluster-init: true", "one control plane");
            });
    assertThat(check(cp1, inventory(cp1, w1), allEmpty(), "write-kubeconfig-mode: 600\n", sqlite))
        .as("alone it may")
        .isNotInstanceOf(Check.Refused.class);
  }

  @Test
  void aFlannelThatASettingOfK3sSwitchesOffIsNoOtherNetwork() {
    var cluster =
        Cases.cluster("v1.36.4+k3s1", Cluster.Cni.FLANNEL, Map.of("flannel-backend", "none"));
    var inventory = inventory(cluster, cp1);
    var known = K3sCases.settled().address(cp1).has(cp1, Nodes.STATE, state(false, false));
    var first = written(check(cp1, inventory, known, ""));
    assertThat(first).contains("flannel-backend: none");
    assertThat(check(cp1, inventory, known, first, "arch=x86_64\nmember=yes"))
        .isInstanceOf(Check.InSync.class);
  }

  @Test
  void valuesThatMustBeTheSameOnAllServersAre() {
    var odd =
        Cases.host(
            "cp2",
            2,
            Set.of(io.provision.model.Role.CONTROL_PLANE),
            Map.of("cluster-domain", "other.local"));
    assertThat(check(cp1, inventory(cp1, odd), allEmpty(), ""))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("cluster-domain", "must be the same"));
  }

  @Test
  void serversAndAgentsGetWhatIsTheirs() {
    var cluster =
        Cases.cluster(
            "v1.36.4+k3s1",
            Cluster.Cni.CALICO,
            Map.of("disable", java.util.List.of("traefik"), "snapshotter", "native"));
    var inventory = inventory(cluster, cp1, w1);
    var known = K3sCases.settled().address(cp1, w1).has(cp1, Nodes.STATE, state(false, false));
    assertThat(written(check(cp1, inventory, known, "")))
        .contains("flannel-backend: none", "disable-network-policy: true")
        .contains("disable:\n  - servicelb\n  - traefik\n", "snapshotter: native")
        .doesNotContain("flannel-iface");
    assertThat(written(check(w1, inventory, known, "")))
        .contains("server: https://10.0.0.1:6443", "token-file: /etc/rancher/k3s/agent-token")
        .contains("snapshotter: native", "node-ip: 10.0.0.101")
        .doesNotContain("disable", "server-token", "tls-san", "cluster-cidr");
  }

  @Test
  void theInterfaceOfTheNodeAddressCarriesFlannel() {
    assertThat(written(check(cp1, three, allEmpty(), ""))).contains("flannel-iface: eth1");
  }
}

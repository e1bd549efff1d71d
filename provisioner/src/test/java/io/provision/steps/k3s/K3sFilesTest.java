package io.provision.steps.k3s;

import static io.provision.Recorded.assertSame;

import io.provision.model.Cluster;
import io.provision.model.NodeAddress;
import io.provision.steps.k3s.ConfigFile.Join;
import io.provision.steps.kubernetes.Cases;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** A host that has converged stays so: its files are the ones that earlier versions wrote. */
class K3sFilesTest {
  private static final Map<String, Object> SETTINGS =
      Map.of(
          "kubelet-arg",
          List.of("max-pods=200", "eviction-hard=memory.available<${5%}"),
          "log",
          "/var/log/k3s \"a\": $HOME #{x} <#if> ${y}",
          "v",
          2);

  private static final Cluster CLUSTER =
      Cases.cluster(
          "v1.36.4+k3s1",
          Cluster.Cni.FLANNEL,
          SETTINGS,
          Map.of("kube_proxy", Map.of("mode", "nftables"), "kubelet", Map.of("maxPods", 200)));

  @Test
  void theUnitIsTheOneThatWasAlwaysWritten() throws IOException {
    var plain = Cases.inventory(Cases.server(1), Cases.agent(1));
    var settings = Cases.inventory(CLUSTER, Cases.server(1), Cases.agent(1));
    var server = K3sService.of(Cases.on(Cases.server(1), plain), Optional.empty());
    var agent = K3sService.of(Cases.on(Cases.agent(1), settings), Optional.of(Cases.DIGEST));
    assertSame("k3s.service", server.file().content());
    assertSame("k3s-agent.service", agent.file().content());
  }

  @Test
  void theConfigurationIsTheOneThatWasAlwaysWritten() throws IOException {
    var inventory = Cases.inventory(CLUSTER, Cases.server(1), Cases.agent(1));
    var plain =
        Cases.inventory(
            Cases.cluster("v1.36.4+k3s1", Cluster.Cni.CALICO, Map.of()), Cases.server(1));
    var through = new Join.Through("https://10.0.0.1:6443");
    var facts = new ConfigFile.Facts(NodeAddress.parse("10.0.0.1"), Optional.of("eth1"), through);
    var begins =
        new ConfigFile.Facts(NodeAddress.parse("10.0.0.1"), Optional.empty(), new Join.Begin());
    assertSame(
        "k3s-server-config.yaml", ConfigFile.content(Cases.on(Cases.server(1), inventory), facts));
    assertSame(
        "k3s-first-config.yaml", ConfigFile.content(Cases.on(Cases.server(1), plain), begins));
    assertSame(
        "k3s-agent-config.yaml", ConfigFile.content(Cases.on(Cases.agent(1), inventory), facts));
  }
}

package io.provision.steps.kubevip;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.FakeApi;
import io.provision.kube.FakeCluster;
import io.provision.kube.ObjectRef;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.Inventory;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Repair;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.os.NodeAddressStep;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The address that is carried among the control planes. */
class KubeVipTest {
  private final FakeCluster cluster = new FakeCluster();
  private final FakeApi api = new FakeApi(cluster);

  private static Inventory inventory(String keys) throws Exception {
    var text =
        """
        cluster:
          name: x
          distribution: k3s
          version: v1.36.4+k3s1
          %s
        hosts:
          cp1: { address: 10.0.0.1, roles: [control-plane] }
          cp2: { address: 10.0.0.2, roles: [control-plane] }
          cp3: { address: 10.0.0.3, roles: [control-plane] }
          w1: { address: 10.0.0.4, roles: [worker] }
        """
            .formatted(keys);
    var surroundings = new Surroundings(Map.of(), Path.of("/home/op"));
    return new InventoryLoader(surroundings, Catalog.areas())
        .load(Path.of("/inv/inventory.yml"), text.getBytes(StandardCharsets.UTF_8))
        .inventory();
  }

  private static Known known(Inventory inventory, String... devices) {
    var known = new Cases.Settled();
    for (var i = 0; i < devices.length; i++) {
      var _ = known.has(inventory.hosts().get(i), NodeAddressStep.INTERFACE, devices[i]);
    }
    return known;
  }

  private Check check(Inventory inventory, Known known) throws Exception {
    var step = new KubeVip(false);
    var target = new Target.OnCluster(inventory);
    var seen = new Observations.Builder();
    var asked = step.probes(target).and(step.probes(target, known)).cluster();
    api.view().look(asked).forEach(seen::put);
    return step.check(target, seen.build(), known);
  }

  @Test
  void itRunsOnControlPlanesWithTheAddressOnTheirInterface() throws Exception {
    var inventory = inventory("virtual_ip: 10.0.0.9");
    var known = known(inventory, "ens3", "ens3", "ens3");
    var drift = (Check.Drift) check(inventory, known);
    for (var change : ((Repair.OnCluster) drift.repair()).changes()) {
      api.change(change);
    }
    var live =
        cluster.live(
            new ObjectRef(
                "apps/v1", "DaemonSet", java.util.Optional.of("kube-system"), "kube-vip"));
    assertThat(live.content().toString())
        .contains(
            "value=10.0.0.9",
            "value=ens3",
            "kube-vip:v1.2.3",
            "key=node-role.kubernetes.io/control-plane",
            "operator=Exists")
        .contains("managed-by=provision", "part-of=kube-vip");
    assertThat(live.content().toString())
        .as("a name that the certificates of k3s and of kubeadm have, and on its own node")
        .contains("name=KUBERNETES_SERVICE_HOST, valueFrom={fieldRef={fieldPath=status.hostIP")
        .doesNotContain("value=127.0.0.1,", "value=127.0.0.1}", "value=localhost");
  }

  @Test
  void theEndpointIsThatAddressWhereNothingElseIsSaid() throws Exception {
    assertThat(inventory("virtual_ip: 10.0.0.9").cluster().orElseThrow().endpoint())
        .hasValue("10.0.0.9");
    var both = inventory("virtual_ip: 10.0.0.9\n  endpoint: api.home");
    assertThat(both.cluster().orElseThrow().endpoint()).hasValue("api.home");
  }

  /** One DaemonSet names one interface. */
  @Test
  void controlPlanesWithDifferentInterfacesAreRefusedByName() throws Exception {
    var inventory = inventory("virtual_ip: 10.0.0.9");
    assertThat(check(inventory, known(inventory, "ens3", "eth0", "ens3")))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("cp1: ens3", "cp2: eth0", "cp3: ens3"));
  }

  @Test
  void withoutTheKeyNothingIsAsked() throws Exception {
    var inventory = inventory("endpoint: 10.0.0.1");
    var target = new Target.OnCluster(inventory);
    assertThat(new KubeVip(false).needs(target)).isEmpty();
    assertThat(new KubeVip(false).probes(target, Known.NOTHING).cluster()).isEmpty();
    assertThat(check(inventory, Known.NOTHING)).isInstanceOf(Check.Skipped.class);
  }

  /** Agents never run it. */
  @Test
  void onlyControlPlanesGetItsImage() throws Exception {
    var inventory = inventory("virtual_ip: 10.0.0.9");
    var images = new KubeVipImages();
    assertThat(images.isWanted(new Target.OnDesk(inventory))).isTrue();
    assertThat(images.isWanted(Cases.on(inventory.hosts().getFirst(), inventory))).isTrue();
    assertThat(images.isWanted(Cases.on(inventory.hosts().getLast(), inventory))).isFalse();
  }

  @Test
  void whereNoInterfaceIsKnownNobodyIsToldThatTheyDiffer() throws Exception {
    var inventory = inventory("virtual_ip: 10.0.0.9");
    assertThat(check(inventory, known(inventory))).isInstanceOf(Check.Skipped.class);
  }
}

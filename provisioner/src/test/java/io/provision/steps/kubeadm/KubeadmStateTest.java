package io.provision.steps.kubeadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Inventory;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Question;
import io.provision.steps.kubeadm.apiserver.KubeadmApiServer;
import io.provision.steps.kubeadm.names.ApiName;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.NodeState;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.encryption.HeldKey;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A host that is not what the inventory says is refused before anything is done to it. */
class KubeadmStateTest {
  private final Inventory inventory = KubeadmCases.inventory("");

  private Check check(String host, String basics) {
    var seen =
        new Observations.Builder()
            .put(KubeadmLooks.BASICS, Cases.read(KubeadmLooks.BASICS, basics))
            .put(Files.text(Kubeadm.INIT), FileState.ABSENT);
    HeldKey.probes(KubeadmApiServer.ENCRYPTION)
        .questions()
        .forEach(question -> nothing(seen, question));
    return new KubeadmState()
        .check(KubeadmCases.on(host, inventory), seen.build(), new Cases.Settled());
  }

  private static <T> void nothing(Observations.Builder seen, Question<T> question) {
    seen.put(question, Cases.read(question, ""));
  }

  private NodeState state(String host, String basics) {
    return (NodeState) ((Check.InSync) check(host, basics)).observed().values().get(Nodes.STATE);
  }

  @Test
  void whatAHostIsIsTold() {
    assertThat(state("cp1", KubeadmCases.BARE)).hasToString("none");
    assertThat(state("cp1", KubeadmCases.LIVES)).hasToString("v1.36.2, server");
    assertThat(state("cp1", KubeadmCases.LIVES.replace("ready=yes\n", "")))
        .hasToString("v1.36.2, server that does not answer");
    assertThat(state("w1", KubeadmCases.JOINED)).hasToString("v1.36.2");
  }

  @Test
  void anOlderNodeIsNoReasonToRefuse() {
    assertThat(
            state("cp1", KubeadmCases.LIVES.replace("v1.36.2", "v1.35.6") + "apiserver=v1.36.2\n"))
        .hasToString("v1.35.6, server");
    assertThat(state("w1", KubeadmCases.JOINED.replace("v1.36.2", "v1.36.1")))
        .hasToString("v1.36.1");
  }

  /** kubelet.conf is there before etcd has its data: nothing was lost. */
  @Test
  void aControlPlaneThatIsStillBegunHasLostNothing() {
    var half = KubeadmCases.LIVES.replace("member=yes\n", "").replace("ready=yes\n", "");
    assertThat(state("cp1", half).hasLostItsDatastore()).isTrue();
    assertThat(state("cp1", half + "begun=yes\n").hasLostItsDatastore()).isFalse();
    assertThat(state("cp2", half + "joining=yes\n").hasLostItsDatastore()).isFalse();
  }

  /** A name stands in the inventory; an address only a node of another one's making has. */
  @Test
  void whereItFindsItsApiIsToldByItsAddressAndWhomItTrustsByControlPlanes() {
    assertThat(outputs("cp1", KubeadmCases.LIVES)).containsKey(Kubeadm.FOUND_AUTHORITY);
    assertThat(outputs("cp1", KubeadmCases.LIVES)).doesNotContainKey(ApiName.FOUND);
    var server = KubeadmCases.LIVES.replace("api.home.internal", "10.0.0.1");
    var worker = KubeadmCases.JOINED.replace("api.home.internal", "10.0.0.1");
    assertThat(outputs("cp1", server)).containsEntry(ApiName.FOUND, "10.0.0.1");
    assertThat(outputs("w1", worker))
        .containsEntry(ApiName.FOUND, "10.0.0.1")
        .doesNotContainKey(Kubeadm.FOUND_AUTHORITY);
    for (var coming : List.of("begun=yes\n", "joining=yes\n")) {
      assertThat(outputs("cp1", server + coming)).doesNotContainKey(ApiName.FOUND);
    }
  }

  private Map<Output<?>, Object> outputs(String host, String basics) {
    var target = KubeadmCases.on(host, KubeadmCases.inventory(""));
    var values = ((Check.InSync) check(host, basics)).observed().values();
    assertThat(new KubeadmState().provides(target)).containsAll(values.keySet());
    return values;
  }

  /** Names can be the same; the key of an authority cannot. */
  @Test
  void anotherClusterIsToldByTheKeyOfItsAuthority() {
    var key = "key=" + KubeadmCases.CERTIFICATE + "\n";
    for (var stranger :
        Map.of(
                "cp1", KubeadmCases.LIVES.replace("cluster=home", "cluster=office"),
                "w1", KubeadmCases.JOINED.replace("api.home.internal", "api.office.internal"))
            .entrySet()) {
      assertThat(check(stranger.getKey(), stranger.getValue() + key))
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it -> assertThat(it.what()).contains("authority " + KubeadmCases.KEY));
      for (var nonsense : new String[] {"", "key=!\n", "key=AAAA\n"}) {
        assertThat(check(stranger.getKey(), stranger.getValue() + nonsense))
            .isInstanceOfSatisfying(
                Check.Refused.class, it -> assertThat(it.what()).contains("authority unknown"));
      }
    }
  }

  @Test
  void whatIsOfAnotherClusterRoleOrVersionIsRefusedByName() {
    var refused =
        Map.of(
            "cp1 " + KubeadmCases.LIVES.replace("cluster=home", "cluster=office"),
            "control plane of the cluster 'office'",
            "w1 " + KubeadmCases.JOINED.replace("api.home.internal", "api.office.internal"),
            "whose API is at https://api.office.internal:6443",
            "w1 " + KubeadmCases.LIVES,
            "the inventory makes it a worker",
            "cp2 " + KubeadmCases.JOINED,
            "the inventory makes it a control plane",
            "w1 " + KubeadmCases.JOINED.replace("v1.36.2", "v1.34.9"),
            "minor versions would be left out",
            "cp1 " + KubeadmCases.LIVES.replace("v1.36.2", "v1.35.6") + "apiserver=v1.36.3\n",
            "it has Kubernetes v1.36.3, and the inventory says v1.36.2",
            "w1 " + KubeadmCases.JOINED.replace("v1.36.2", "v1.37.0"),
            "v1.37.0",
            "w1 arch=riscv64\n",
            "no Kubernetes for its processor (riscv64)");
    refused.forEach((of, what) -> {
      var host = of.substring(0, of.indexOf(' '));
      assertThat(check(host, of.substring(of.indexOf(' ') + 1)))
          .as(of)
          .isInstanceOfSatisfying(Check.Refused.class, it -> assertThat(it.what()).contains(what));
    });
  }
}

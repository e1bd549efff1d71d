package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Settings of a cluster of kubeadm that lives become others, with a strict stand-in for its
 * programs: in runs that are killed, stopped by an API server that does not start, and gone on
 * with. What only the real programs can show is in {@link RealKubeadmSettingsTest}.
 */
@Tag("long")
class KubeadmSettingsStandInTest {
  private static final List<String> ROLES =
      List.of("control-plane", "control-plane", "control-plane", "worker");
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");
  private static final String STORE = "/var/lib/etcd/member/stand-in";
  private static final String CHANGING = "/etc/kubernetes/provision/changing";
  private static final String KEY = "/etc/kubernetes/encryption/config.yaml";
  private static final StandInSecrets SECRETS = new StandInSecrets(STORE, KEY);
  private static final String MAX_AGE =
      "grep -ho 'audit-log-maxage=[0-9]*' /etc/kubernetes/manifests/kube-apiserver.yaml || :";

  @Test
  void settingsReachNodesOneAfterAnotherWhateverStopsTheRun() {
    System.out.println(
        "KubeadmSettingsStandInTest: a stand-in for kubeadm " + StandInKubernetes.VERSION);
    try (var lab = Lab.of(4)) {
      StandInKubernetes.putInto(lab);
      KubeadmStandInTest.inventory(lab, StandInKubernetes.VERSION, ROLES);
      var begins = lab.provision().startJson("apply", "cluster.yml");
      lab.node(1).await("an API server", "[ -s /etc/kubernetes/pki/apiserver.crt ]");
      begins.kill();
      try (var api = KubeadmStandInTest.api(lab)) {
        lab.provision().json("apply", "cluster.yml").exits(0);
        lab.nothingIsLeftToDo(lab.nodes());
        try (var nodes = new StandInNodes(GATEWAY, lab.nodes(), Optional.of(api))) {
          var pods = staticPods(lab);
          change(lab, "audit: {", "max_age: 3");
          stoppedByAnApiServerThatDoesNotStart(lab);
          lab.provision().json("apply", "cluster.yml").exits(0);
          assertThat(maxAges(lab)).containsOnly("audit-log-maxage=3\n");
          lab.nothingIsLeftToDo(lab.nodes());
          assertThat(staticPods(lab)).as("etcd and the others run on").isEqualTo(pods);

          aSettingOfTheKubeletsAndOfKubeProxyByARunThatIsKilled(lab);
          aKubeletThatDoesNotStartIsStoppedAtAndSetBack(lab);
          aSettingOfOneHost(lab);
          whatIsSetBackIsTheClustersToo(lab);
          keysOfSecretsRollWhereverTheRunIsKilled(lab);
          assertThat(nodes.refused()).isEmpty();
        }
        assertThat(api.refused()).isEmpty();
      }
    }
  }

  private static void stoppedByAnApiServerThatDoesNotStart(Lab lab) {
    var plan = lab.provision().run("plan", "cluster.yml").exits(0);
    assertThat(plan.text())
        .contains("API server of n1", "API server of n2, after n1", "audit-log-maxage")
        .doesNotContain("kubelet.service");
    lab.node(2).sh("touch /etc/stand-in-upgrade-fails-kube-apiserver");
    var stopped = lab.provision().run("apply", "--yes", "cluster.yml").exits(1);
    assertThat(stopped.text())
        .contains("kubeadm upgrade ended in its phase 'control-plane'", "kube-apiserver", "n2")
        .contains("it waits for its settings, and n2");
    assertThat(maxAges(lab))
        .containsExactly("audit-log-maxage=3\n", "audit-log-maxage=30\n", "audit-log-maxage=30\n");
    assertThat(lab.node(2).succeeds("test -e " + CHANGING)).isTrue();
    lab.node(2).sh("rm /etc/stand-in-upgrade-fails-kube-apiserver");
  }

  private static void aSettingOfTheKubeletsAndOfKubeProxyByARunThatIsKilled(Lab lab) {
    change(lab, "kubelet: {", "maxPods: 80");
    change(lab, "kube_proxy: {", "configSyncPeriod: 10m");
    change(lab, "containerd: {", "debug: { level: warn }");
    var plan = lab.provision().run("plan", "cluster.yml").exits(0);
    assertThat(plan.text())
        .contains("pods of kube-proxy", "unit kubelet.service, after n1, n2, n3", "maxPods")
        .contains("unit containerd.service, after n1, n2, n3")
        .doesNotContain("API server of");
    KubeadmStandInTest.killedOnce(
        lab, lab.node(1), "grep -q maxPods %s/kubelet-config".formatted(STORE));
    KubeadmStandInTest.killedOnce(lab, lab.node(3), "grep -q maxPods /var/lib/kubelet/config.yaml");
    lab.provision().json("apply", "cluster.yml").exits(0);
    for (var node : lab.nodes()) {
      assertThat(node.sh("grep maxPods /var/lib/kubelet/config.yaml")).isEqualTo("maxPods: 80\n");
      assertThat(node.succeeds("test -e " + CHANGING)).as(node.name()).isFalse();
      assertThat(node.sh("containerd config dump | grep 'level = '")).contains("warn");
    }
    assertThat(lab.node(3).sh("cat %s/kube-proxy-runs".formatted(STORE)))
        .contains("configSyncPeriod: 10m");
    lab.nothingIsLeftToDo(lab.nodes());
  }

  /** One that does not take it ends at once, and its Node stays Ready for most of a minute. */
  private static void aKubeletThatDoesNotStartIsStoppedAtAndSetBack(Lab lab) {
    var kept = Checkout.text(lab.file("cluster.yml"));
    change(lab, "featureGates: {", "NobodyKnows: true");
    var stopped = lab.provision().run("apply", "--yes", "cluster.yml").exits(1);
    assertThat(stopped.text())
        .contains("the kubelet does not stay up with its settings", "unrecognized feature gate");
    for (var node : List.of(2, 3, 4)) {
      assertThat(lab.node(node).sh("cat /var/lib/kubelet/config.yaml"))
          .doesNotContain("NobodyKnows");
    }
    lab.write("cluster.yml", kept);
    lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(
            lab.node(1).sh("cat /var/lib/kubelet/config.yaml %s/kubelet-config".formatted(STORE)))
        .doesNotContain("NobodyKnows");
    lab.nothingIsLeftToDo(lab.nodes());
  }

  private static void aSettingOfOneHost(Lab lab) {
    var text = Checkout.text(lab.file("cluster.yml"));
    lab.write("cluster.yml", text.replace("n4: {", "n4: { kubelet: { maxPods: 20 },"));
    lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(lab.node(4).sh("grep maxPods /var/lib/kubelet/config.yaml | tail -n 1"))
        .isEqualTo("maxPods: 20\n");
    assertThat(lab.node(3).sh("grep maxPods /var/lib/kubelet/config.yaml"))
        .isEqualTo("maxPods: 80\n");
    lab.nothingIsLeftToDo(lab.nodes());
    lab.write("cluster.yml", text);
    lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(lab.node(4).sh("grep maxPods /var/lib/kubelet/config.yaml"))
        .isEqualTo("maxPods: 80\n");
  }

  /** What a run had given to the cluster before it was killed does not come back by an upgrade. */
  private static void whatIsSetBackIsTheClustersToo(Lab lab) {
    var kept = Checkout.text(lab.file("cluster.yml"));
    lab.write("cluster.yml", kept.replace("maxPods: 80", "maxPods: 90"));
    KubeadmStandInTest.killedOnce(
        lab, lab.node(1), "grep -q 'maxPods: 90' %s/kubelet-config".formatted(STORE));
    lab.write("cluster.yml", kept);
    lab.provision().json("apply", "cluster.yml").exits(0);
    for (var server : List.of(1, 2, 3)) {
      assertThat(lab.node(server).sh("grep maxPods %s/kubelet-config".formatted(STORE)))
          .isEqualTo("maxPods: 80\n");
    }
    lab.nothingIsLeftToDo(lab.nodes());
  }

  /** In the first place where the inventory has these words. */
  private static void change(Lab lab, String before, String setting) {
    var text = Checkout.text(lab.file("cluster.yml"));
    assertThat(text).contains(before);
    lab.write("cluster.yml", text.replace(before, "%s %s,".formatted(before, setting)));
  }

  private static List<String> maxAges(Lab lab) {
    return lab.nodes().subList(0, 3).stream().map(node -> node.sh(MAX_AGE)).toList();
  }

  private static List<String> staticPods(Lab lab) {
    return lab.nodes().subList(0, 3).stream()
        .map(node ->
            node.sh(
                "cd /run/kubernetes-stand-in/pods && stat -c '%n %Y' etcd kube-controller-manager kube-scheduler"))
        .toList();
  }

  /** At no time does an API server write with a key that another has not in use. */
  private static void keysOfSecretsRollWhereverTheRunIsKilled(Lab lab) {
    var servers = lab.nodes().subList(0, 3);
    SECRETS.put(servers);
    var text = Checkout.text(lab.file("cluster.yml"));
    var rolled =
        text.replaceFirst("encryption: .*\n", "encryption: { provider: secretbox, key: second }\n");
    lab.write("cluster.yml", rolled);
    var plan = lab.provision().run("plan", "cluster.yml").exits(0);
    assertThat(plan.text())
        .contains("and secretbox key 'second'", "secrets-rewritten")
        .doesNotContain("API server of");
    SECRETS.rollWhereverTheRunIsKilled(lab, "secretbox");
    SECRETS.areWrittenWith(servers, "secretbox:second:[0-9a-f]{16}");
    for (var server : servers) {
      assertThat(server.sh("cat " + KEY)).as(server.name()).doesNotContain("aescbc", "changing");
    }
    lab.nothingIsLeftToDo(lab.nodes());

    lab.write(
        "cluster.yml",
        text.replaceFirst("encryption: .*\n", "encryption: { provider: identity }\n"));
    lab.provision().json("apply", "cluster.yml").exits(0);
    SECRETS.areWrittenWith(servers, "identity");
    lab.write("cluster.yml", text.replaceFirst(" *encryption: .*\n", ""));
    lab.provision().json("apply", "cluster.yml").exits(0);
    for (var server : servers) {
      assertThat(server.sh("cat /etc/kubernetes/manifests/kube-apiserver.yaml"))
          .as(server.name())
          .doesNotContain("encryption");
    }
    lab.nothingIsLeftToDo(lab.nodes());

    lab.write("cluster.yml", text);
    KubeadmStandInTest.killedOnce(
        lab, lab.node(2), "grep -q encryption /etc/kubernetes/manifests/kube-apiserver.yaml");
    lab.provision().json("apply", "cluster.yml").exits(0);
    SECRETS.areWrittenWith(servers, "aescbc:first:[0-9a-f]{16}");
    lab.nothingIsLeftToDo(lab.nodes());
  }
}

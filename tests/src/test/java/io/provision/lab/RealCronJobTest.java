package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A cluster of the real k3s rotates its own nodes: a pod of its CronJob reboots those it does not
 * run on, the only control plane among them, and hands its own over to a pod elsewhere. It may ask
 * of the API what it needs, and is refused everything else.
 */
@Tag("long")
class RealCronJobTest {
  private static final List<String> ROLES = List.of("control-plane", "worker", "worker");
  private static final String NAMESPACE = "provision-rotation";
  private static final String NAME = "provision-rotate-suite";

  private static final String AS_POD =
      "k3s kubectl --kubeconfig=/dev/null --server=https://127.0.0.1:6443 --certificate-authority=/var/lib/rancher/k3s/server/tls/server-ca.crt --token=\"$(k3s kubectl -n %s create token %s)\" "
          .formatted(NAMESPACE, NAME);

  /** Each by a real request; those that change something are dry runs of the server. */
  private static final List<String> NEEDED =
      List.of(
          "get nodes",
          "get node n2",
          "annotate node n2 suite=1 --dry-run=server",
          "get pods -A",
          "get deployments -A",
          "get daemonsets -A",
          "-n kube-system get deployment coredns",
          "get pvc -A",
          "get pv",
          "get pdb -A",
          "get volumeattachments",
          "get namespace kube-system",
          "-n kube-node-lease get lease n2",
          "-n %s get cronjob %s".formatted(NAMESPACE, NAME),
          "-n %s create job suite --image=none --dry-run=server".formatted(NAMESPACE));

  private static final List<String> NOT_NEEDED =
      List.of(
          "get secrets -A",
          "-n kube-system get secrets",
          "-n %s get secret %s".formatted(NAMESPACE, NAME),
          "-n %s get configmap %s".formatted(NAMESPACE, NAME),
          "delete node n2 --dry-run=server",
          "-n kube-system delete pod -l k8s-app=kube-dns --dry-run=server",
          "-n kube-system run suite --image=none --dry-run=server",
          "-n %s run suite --image=none --dry-run=server".formatted(NAMESPACE),
          "-n default create job suite --image=none --dry-run=server",
          "-n kube-system scale deployment coredns --replicas=1 --dry-run=server",
          "-n kube-system annotate lease kube-scheduler suite=1 --dry-run=server",
          "-n kube-system get lease kube-scheduler",
          "-n kube-node-lease annotate lease n2 suite=1 --dry-run=server",
          "get namespaces",
          "get clusterroles",
          "create clusterrolebinding suite --clusterrole=cluster-admin --user=suite"
              + " --dry-run=server",
          "-n %s create token %s".formatted(NAMESPACE, NAME),
          "-n %s annotate cronjob %s suite=1 --dry-run=server".formatted(NAMESPACE, NAME),
          "get --raw /api/v1/nodes/n2/proxy/pods");

  @Test
  void aClusterRotatesItsOwnNodes() {
    try (var lab = Lab.of(3)) {
      Assumptions.assumeTrue(K3s.isAtHand(), "no real k3s at hand");
      var k3s = K3s.forLab(lab);
      System.out.println("RealCronJobTest: with " + k3s.called());
      var cluster = new RealCluster(lab, false, k3s.artifacts(), k3s.version(), k3s.version());
      lab.nodes().forEach(cluster::letRun);
      lab.nodes().forEach(cluster::letReboot);
      cluster.inventory(k3s.version(), ROLES, Set.of(), Set.of());
      lab.write(
          "cluster.yml",
          Checkout.text(lab.file("cluster.yml"))
              .replace(
                  "artifacts:", "  rotation: { windows: [ %s ] }\nartifacts:".formatted(open())));
      lab.provision().json("apply", "cluster.yml").exits(0);
      ProgramImage.bring(lab, lab.nodes());

      itIsInstalled(lab);
      itMayDoWhatItNeedsAndNothingElse(lab.node(1));
      allNodesAreRebooted(lab, cluster);
      whatWasLeftIsGivenBackByTheJanitor(lab);
      itIsRemoved(lab);
    } finally {
      ProgramImage.remove();
    }
  }

  private static void itIsInstalled(Lab lab) {
    var dry = lab.provision().run(install("--dry-run")).exits(0).text();
    System.out.println(dry);
    assertThat(dry).contains("CronJob", "ClusterRole").doesNotContain("PRIVATE KEY");
    assertThat(lab.node(1).succeeds("k3s kubectl get namespace " + NAMESPACE)).isFalse();
    var said = lab.provision().run(install("--janitor")).exits(0).text();
    System.out.println(said);
    assertThat(said).contains("root on all hosts").doesNotContain("PRIVATE KEY");
    assertThat(lab.provision().json(install("--janitor")).exits(0).total("changed")).isZero();
    System.out.println(
        lab.node(1).sh("k3s kubectl -n %s get cronjob,pdb,role,secret,cm".formatted(NAMESPACE)));
  }

  private static String[] install(String... more) {
    var words =
        new ArrayList<>(
            List.of(
                "rotate",
                "cluster.yml",
                "--install-cronjob",
                "--without-api",
                "--image",
                ProgramImage.NAME));
    words.addAll(List.of(more));
    return words.toArray(String[]::new);
  }

  private static void itMayDoWhatItNeedsAndNothingElse(Node server) {
    System.out.println(server.sh(AS_POD + "auth can-i --list -n " + NAMESPACE));
    for (var request : NEEDED) {
      assertThat(server.sh(asked(request))).as(request).doesNotContain("orbidden");
    }
    for (var request : NOT_NEEDED) {
      assertThat(server.sh(asked(request))).as(request).contains("orbidden");
    }
  }

  private static String asked(String request) {
    return AS_POD + request + " 2>&1 || :";
  }

  /** The job is started by hand, as its text says; the one it hands over to it starts itself. */
  private static void allNodesAreRebooted(Lab lab, RealCluster cluster) {
    var server = lab.node(1);
    var boots = RealRotationTest.boots(lab.nodes());
    RealRotationTest.wantReboots(lab.nodes());
    var seen = SeenNodes.of(cluster, List.of(server));
    server.sh(
        "k3s kubectl -n %1$s create job --from=cronjob/%2$s first".formatted(NAMESPACE, NAME));
    var first = pod(server, "job-name=first");
    server.await("a pod that runs", phase("job-name=first") + " | grep -qx Running");
    assertThat(server.sh(evict(first))).as("its eviction").contains("disruption budget");
    var log = new StringBuilder();
    var over = "app.kubernetes.io/instance=%s,job-name!=first".formatted(NAME);
    for (var times = 0; times < 8; times++) {
      if (lab.nodes().stream().noneMatch(it -> it.succeeds("[ -e /run/reboot-required ]"))) {
        break;
      }
      for (var node : lab.nodes()) {
        try {
          node.await("its reboot", "[ ! -e /run/reboot-required ]");
        } catch (AssertionError e) {
          log.append(e.getMessage()).append('\n');
        }
      }
    }
    System.out.println(log);
    server.await("a hand-over that ended well", phase(over) + " | grep -qx Succeeded");
    seen.close();
    System.out.println(server.sh("k3s kubectl -n %s get jobs,pods -o wide".formatted(NAMESPACE)));
    var said = server.sh("k3s kubectl -n %s logs job/first --tail=-1".formatted(NAMESPACE));
    System.out.println(said);
    var last = server.sh("k3s kubectl -n %s logs -l %s --tail=-1".formatted(NAMESPACE, over));
    System.out.println(last);
    var firstNode = node(server, "job-name=first");
    assertThat(phaseOf(server, "job-name=first")).isEqualTo("Succeeded");
    assertThat(said).contains(firstNode + " is the last that wants a reboot");
    assertThat(last).contains(firstNode + ": node-reboot: changed");
    assertThat(node(server, over)).isNotEqualTo(firstNode);
    assertThat(seen.together()).as("nodes out of use at one time").isEmpty();
    assertThat(seen.order()).as("who came last").endsWith(firstNode).hasSize(3);
    assertThat(RealRotationTest.boots(lab.nodes())).doesNotContainAnyElementsOf(boots);
    cluster.hasNodes(server, cluster.newer(), "n1", "n2", "n3");
  }

  /** As a rotation would leave a node that was killed and never ran again. */
  private static void whatWasLeftIsGivenBackByTheJanitor(Lab lab) {
    var server = lab.node(1);
    var left = lab.node(3);
    left.sh("touch /var/lib/provision/rotating");
    server.sh(
        """
        k3s kubectl patch node n3 --type=merge -p \
          '{"metadata":{"annotations":{"provision.io/cordoned":"rotation"}},"spec":{"unschedulable":true}}'
        """);
    server.sh(
        "k3s kubectl -n %1$s create job --from=cronjob/%2$s-janitor janitor"
            .formatted(NAMESPACE, NAME));
    try {
      server.await("its end", phase("job-name=janitor") + " | grep -qxE 'Succeeded|Failed'");
    } finally {
      System.out.println(
          server.sh(
              "k3s kubectl -n %1$s get pods -o wide; k3s kubectl -n %1$s logs job/janitor || :"
                  .formatted(NAMESPACE)));
    }
    assertThat(phaseOf(server, "job-name=janitor")).isEqualTo("Succeeded");
    assertThat(left.succeeds("[ -e /var/lib/provision/rotating ]")).isFalse();
    assertThat(server.sh("k3s kubectl get node n3 -o 'jsonpath={.metadata.annotations}{.spec}'"))
        .doesNotContain("provision.io/cordoned", "unschedulable");
  }

  private static String evict(String pod) {
    return """
    echo '{"apiVersion":"policy/v1","kind":"Eviction","metadata":{"name":"%2$s","namespace":"%1$s"}}' |
    k3s kubectl create --raw /api/v1/namespaces/%1$s/pods/%2$s/eviction -f - 2>&1 || :
    """
        .formatted(NAMESPACE, pod);
  }

  private static String pod(Node server, String selector) {
    server.await("a pod", field(selector, "metadata.name") + " | grep -q .");
    return server.sh(field(selector, "metadata.name")).strip();
  }

  private static String node(Node server, String selector) {
    return server.sh(field(selector, "spec.nodeName")).strip();
  }

  private static String phaseOf(Node server, String selector) {
    return server.sh(phase(selector)).strip();
  }

  private static String phase(String selector) {
    return field(selector, "status.phase");
  }

  private static String field(String selector, String path) {
    return "k3s kubectl -n %s get pods -l '%s' -o 'jsonpath={range .items[*]}{.%s}{\"\\n\"}{end}'"
        .formatted(NAMESPACE, selector, path);
  }

  private static void itIsRemoved(Lab lab) {
    var remove = new String[] {"rotate", "cluster.yml", "--remove-cronjob"};
    System.out.println(lab.provision().run(remove).exits(0).text());
    var server = lab.node(1);
    assertThat(server.succeeds("k3s kubectl get namespace " + NAMESPACE)).isFalse();
    assertThat(
            server.sh(
                "k3s kubectl get"
                    + " clusterroles,clusterrolebindings,roles,rolebindings,secrets,configmaps,serviceaccounts,cronjobs,jobs,pods,pdb"
                    + " -A -o name | grep provision-rotate || :"))
        .isEmpty();
    assertThat(lab.provision().json(remove).exits(0).total("changed")).isZero();
  }

  /** It began an hour ago, so that nothing starts it by itself meanwhile. */
  private static String open() {
    var begin = ZonedDateTime.now(ZoneOffset.UTC).minusHours(1);
    return "cron %d %d * * * for 12h UTC".formatted(begin.getMinute(), begin.getHour());
  }
}

package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The way of kubeadm in every run of CI, with a strict stand-in for its programs and for the API,
 * and Debian's own containerd. What only the real programs can show is in {@link KubeadmTest}.
 */
@Tag("long")
class KubeadmStandInTest {
  private static final String GATEWAY = Engine.SUBNET.replaceFirst("\\.0/24$", ".1");
  private static final String KEY = "/etc/kubernetes/encryption/config.yaml";
  private static final String STORE = "/var/lib/etcd/member/stand-in";

  @Test
  void aClusterIsFinishedWhereItWasKilledStaysAsItIsAndGrowsByItsInventory() {
    System.out.println("KubeadmStandInTest: a stand-in for kubeadm " + StandInKubernetes.VERSION);
    try (var lab = Lab.of(4)) {
      StandInKubernetes.putInto(lab);
      inventory(lab, "control-plane", "worker");
      killedOnce(lab, lab.node(1), "[ -s /etc/kubernetes/pki/apiserver.crt ]");
      try (var api = api(lab)) {
        killedOnce(lab, lab.node(2), "[ -s /var/lib/kubelet/config.yaml ]");
        lab.provision().json("apply", "cluster.yml").exits(0);
        assertThat(nodes(lab)).isEqualTo("n1 Ready\nn2 Ready\n");

        var two = lab.nodes().subList(0, 2);
        var before = Witness.of(two);
        var execs = two.stream().map(Node::execs).toList();
        var second = lab.provision().json("apply", "cluster.yml").exits(0);
        assertThat(second.total("changed")).as("%s", second).isZero();
        assertThat(two.stream().map(Node::execs).toList())
            .isEqualTo(execs.stream().map(count -> count + 1).toList());
        before.forEach(Witness::stillHolds);

        inventory(lab, "control-plane", "worker", "control-plane", "control-plane");
        lab.provision().json("apply", "cluster.yml").exits(0);
        assertThat(nodes(lab)).isEqualTo("n1 Ready\nn2 Ready\nn3 Ready\nn4 Ready\n");
        var members =
            IntStream.of(1, 3, 4)
                .mapToObj(number -> lab.node(number).address() + "\n")
                .collect(Collectors.joining());
        for (var member : List.of(1, 3, 4)) {
          assertThat(lab.node(member).sh("sort %s/servers".formatted(STORE))).isEqualTo(members);
        }
        assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isZero();
        theKeyOfSecretsIsOnEveryControlPlaneAndStaysThere(lab);
        aSnapshotIsCopiedHereWithWhatItIsUselessWithout(lab);
        membersGiveBackWhatTheyDoNotUseAndTheLeaderLast(lab);
        aNameThatComesLaterIsInTheCertificates(lab);
        certificatesThatEndSoonAreRenewedByARunThatIsKilled(lab);
        try (var nodes = new StandInNodes(GATEWAY, lab.nodes(), Optional.of(api))) {
          containerdAsksTheMirrorOfTheInventory(lab);
          aNodeWhoseLineIsGoneStaysWhileItRuns(lab);
          assertThat(nodes.refused()).isEmpty();
        }
        assertThat(api.refused()).isEmpty();
      }
    }
  }

  private static void theKeyOfSecretsIsOnEveryControlPlaneAndStaysThere(Lab lab) {
    var servers = List.of(lab.node(1), lab.node(3), lab.node(4));
    var key = lab.node(1).sh("cat " + KEY);
    assertThat(servers)
        .allSatisfy(server ->
            assertThat(server.sh("stat -c '%%a %%u' %1$s; cat %1$s".formatted(KEY)))
                .as(server.name())
                .isEqualTo("600 0\n" + key));
    assertThat(lab.node(2).succeeds("test -e " + KEY)).as("a worker's").isFalse();
    assertThat(servers)
        .allSatisfy(server ->
            assertThat(server.succeeds("test -s /var/log/kubernetes/audit/audit.log")).isTrue());

    lab.node(3).sh("rm " + KEY);
    var back = lab.provision().json("apply", "cluster.yml").exits(0);
    var secret = key.lines().filter(it -> it.contains("secret:")).findFirst().orElseThrow();
    assertThat(back.text()).contains(KEY).doesNotContain(secret.strip().split(" ")[1]);
    assertThat(lab.node(3).sh("cat " + KEY)).isEqualTo(key);

    var text = Checkout.text(lab.file("cluster.yml"));
    lab.write("cluster.yml", text.replaceFirst("  encryption: .*\n", ""));
    var off = lab.provision().run("apply", "--yes", "cluster.yml").exits(1);
    assertThat(off.text()).contains("no Secret of the cluster could be read");
    lab.write("cluster.yml", text);
    assertThat(lab.node(1).sh("cat " + KEY)).isEqualTo(key);
    assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isZero();
  }

  private static void aSnapshotIsCopiedHereWithWhatItIsUselessWithout(Lab lab) {
    lab.node(1).sh("mv /etc/kubernetes/pki/sa.key /root/");
    var taken = lab.provision().run("etcd", "snapshot", "cluster.yml").exits(0);
    lab.node(1).sh("mv /root/sa.key /etc/kubernetes/pki/");
    assertThat(taken.text()).contains("sa.key is missing there", "n3: snapshot-");
    var archive = "\"$(ls " + lab.file("etcd-snapshots") + "/*.tar)\"";
    assertThat(Commands.run("sh", "-c", "tar -tf " + archive))
        .contains(
            "etc/kubernetes/pki/ca.key",
            "etc/kubernetes/pki/etcd/ca.key",
            "etc/kubernetes/pki/sa.key",
            KEY.substring(1));
    assertThat(Commands.run("sh", "-c", "stat -c %a " + archive).strip()).isEqualTo("600");
    assertThat(lab.node(3).sh("ls /var/lib/etcd")).isEqualTo("member\n");
  }

  private static void membersGiveBackWhatTheyDoNotUseAndTheLeaderLast(Lab lab) {
    var servers = List.of(lab.node(1), lab.node(3), lab.node(4));
    var well = lab.provision().run("etcd", "status", "cluster.yml").exits(0);
    assertThat(well.text()).contains("n1", "n3", "n4", "well").doesNotContain("n2");
    for (var server : servers) {
      server.sh("echo 104857600 20971520 >%s/size".formatted(STORE));
      server.sh("echo 'memberID:1 alarm:NOSPACE ' >%s/alarms".formatted(STORE));
    }
    assertThat(lab.provision().run("etcd", "status", "cluster.yml").exits(7).text())
        .contains("NOSPACE", "80 %");

    lab.node(3).sh("touch %s/defrag-fails".formatted(STORE));
    var stopped = lab.provision().run("etcd", "defrag", "cluster.yml").exits(1);
    assertThat(stopped.text()).contains("n3: the member of n3 was not defragmented", "goes on");
    assertThat(lab.node(1).succeeds("test -e %s/defragmented".formatted(STORE))).isFalse();
    lab.node(3).sh("rm %s/defrag-fails".formatted(STORE));

    var gone = lab.provision().run("etcd", "defrag", "cluster.yml").exits(0);
    assertThat(gone.text()).contains("n3: defragmented", "NOSPACE is taken back");
    var times =
        servers.stream()
            .map(server -> server.sh("cat %s/defragmented".formatted(STORE)).strip())
            .map(Long::parseLong)
            .toList();
    assertThat(times.getFirst()).as("n1 leads").isGreaterThan(times.get(1));
    assertThat(times.getFirst()).isGreaterThan(times.get(2));
    assertThat(servers)
        .allSatisfy(server ->
            assertThat(server.sh("cat %s/alarms".formatted(STORE)).strip())
                .as(server.name())
                .isEmpty());
    assertThat(lab.provision().run("etcd", "status", "cluster.yml").exits(0).text())
        .contains("well");
  }

  private static void aNameThatComesLaterIsInTheCertificates(Lab lab) {
    var text = Checkout.text(lab.file("cluster.yml"));
    lab.write(
        "cluster.yml", text.replace("  ignore_", "  tls_sans: [later.example.org]\n  ignore_"));
    var authorities = lab.node(1).sh("cat /etc/kubernetes/pki/ca.*");
    lab.provision().json("apply", "cluster.yml").exits(0);
    for (var server : List.of(1, 3, 4)) {
      assertThat(
              lab.node(server)
                  .sh("openssl x509 -noout -text -in /etc/kubernetes/pki/apiserver.crt"))
          .as("n%d", server)
          .contains("DNS:later.example.org", "DNS:n" + server);
      assertThat(lab.node(server).sh("ls /etc/kubernetes/provision")).doesNotContain("fresh");
    }
    assertThat(lab.node(1).sh("cat %s/kubeadm-config".formatted(STORE)))
        .contains("later.example.org");
    assertThat(lab.node(1).sh("cat /etc/kubernetes/pki/ca.*")).isEqualTo(authorities);
    assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isZero();
  }

  private static void certificatesThatEndSoonAreRenewedByARunThatIsKilled(Lab lab) {
    var server = lab.node(3);
    var serving = "/etc/kubernetes/pki/apiserver.crt";
    var etcd = "/etc/kubernetes/pki/etcd/healthcheck-client.crt";
    var others =
        "cat /etc/kubernetes/*.conf /etc/kubernetes/pki/*ca.* /etc/kubernetes/pki/*client*";
    lab.provision().run("certs", "cluster.yml", "--within", "300").exits(0);
    Certificates.endsInDays(server, server, serving, "/etc/kubernetes/pki/ca", 30);
    Certificates.endsInDays(server, server, etcd, "/etc/kubernetes/pki/etcd/ca", 30);
    var soon = lab.provision().run("certs", "cluster.yml", "--within", "60").exits(7);
    assertThat(soon.text()).contains("n3: " + serving, "n3: " + etcd);
    var plan = lab.provision().run("plan", "cluster.yml").exits(0);
    assertThat(plan.text()).contains(serving, etcd, "static pods").doesNotContain("admin.conf");

    var before = server.sh(others);
    killedOnce(lab, server, "grep -q renewed: /etc/kubernetes/manifests/etcd.yaml");
    assertThat(server.succeeds("test -s /etc/kubernetes/provision/renewing")).isTrue();
    var rest = lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(rest.text()).contains("static pods");
    assertThat(Certificates.lastsTheYear(server, serving)).isTrue();
    assertThat(Certificates.lastsTheYear(server, etcd)).isTrue();
    assertThat(server.sh(others)).isEqualTo(before);
    assertThat(server.sh("cat /run/kubernetes-stand-in/pods/* | grep -c '^[0-9][0-9]*$'"))
        .isEqualTo("4\n");
    assertThat(server.succeeds("test -e /etc/kubernetes/provision/renewing")).isFalse();
    assertThat(lab.node(1).succeeds("grep -rq renewed: /etc/kubernetes/manifests")).isFalse();
    assertThat(lab.provision().json("apply", "cluster.yml").exits(0).total("changed")).isZero();
    allAreRenewedOneAfterAnother(lab, serving);
  }

  private static void allAreRenewedOneAfterAnother(Lab lab, String serving) {
    var servers = List.of("n1", "n3", "n4");
    for (var server : servers) {
      var node = lab.node(Integer.parseInt(server.substring(1)));
      Certificates.endsInDays(node, node, serving, "/etc/kubernetes/pki/ca", 30);
    }
    var renewed = lab.provision().json("apply", "cluster.yml").exits(0);
    for (var i = 1; i < servers.size(); i++) {
      assertThat(at(renewed, "step_started", servers.get(i)))
          .as("%s after %s", servers.get(i), servers.get(i - 1))
          .isAfter(at(renewed, "step_finished", servers.get(i - 1)));
    }
  }

  private static Instant at(Result result, String event, String target) {
    return result.events(event).stream()
        .filter(it -> it.path("step").asText().equals("node-certificates"))
        .filter(it -> it.path("target").asText().equals(target))
        .map(it -> Instant.parse(it.path("at").asText()))
        .findFirst()
        .orElseThrow();
  }

  private static void aNodeWhoseLineIsGoneStaysWhileItRuns(Lab lab) {
    var text = Checkout.text(lab.file("cluster.yml"));
    lab.write("cluster.yml", text.replaceFirst("(?m)^  n4: .*\n", ""));
    var plan = lab.provision().json("plan", "cluster.yml", "--remove", "n4").exits(1);
    assertThat(plan.text()).contains("it still runs", "'leaving: true'");
    lab.write("cluster.yml", text);
  }

  /** The real one, of Debian. */
  private static void containerdAsksTheMirrorOfTheInventory(Lab lab) {
    var text = Checkout.text(lab.file("cluster.yml"));
    lab.write(
        "cluster.yml",
        text.replace(
            "  ignore_",
            """
              registries:
                mirrors: { docker.io: { endpoint: ["http://%s:5001"] } }
                configs: { "%1$s:5001": { auth: { username: me, password: "${env:LOGIN}" } } }
              ignore_\
            """
                .formatted(GATEWAY)));
    var secret = "so-secret-a-login";
    var plan = lab.provision().with("LOGIN", secret).run("plan", "cluster.yml").exits(0);
    assertThat(plan.text()).contains("docker.io/hosts.toml").doesNotContain(secret);
    lab.provision().with("LOGIN", secret).json("apply", "cluster.yml").exits(0);
    var config = "/etc/containerd/config.toml";
    assertThat(
            lab.node(2).sh("stat -c %a " + config + "; containerd config dump | grep -c " + secret))
        .isEqualTo("600\n1\n");
    var asked = new java.util.concurrent.LinkedBlockingQueue<String>();
    try (var _ = Mirror.at(GATEWAY, 5001, asked::add)) {
      lab.node(2)
          .sh(
              "ctr -n k8s.io images pull --hosts-dir /etc/containerd/certs.d docker.io/library/x:1 || :");
    }
    assertThat(asked).anyMatch(it -> it.startsWith("/v2/library/x/manifests/1"));
    var again = lab.provision().with("LOGIN", secret).json("apply", "cluster.yml").exits(0);
    assertThat(again.total("changed")).as("%s", again).isZero();

    lab.write("cluster.yml", text);
    var gone = lab.provision().run("plan", "cluster.yml").exits(0);
    assertThat(gone.text()).contains(config).doesNotContain(secret);
    lab.provision().json("apply", "cluster.yml").exits(0);
    assertThat(
            lab.node(2)
                .sh(
                    "grep -c %s %s || :; ls /etc/containerd/certs.d/docker.io"
                        .formatted(secret, config)))
        .isEqualTo("0\n");
  }

  /** Where a node has got so far, by a condition of shell. */
  static void killedOnce(Lab lab, Node node, String soFar) {
    var run = lab.provision().startJson("apply", "cluster.yml");
    run.awaitOn(node, "a point to be killed at: " + soFar, soFar);
    run.kill();
  }

  /** It shows the certificate that n1 has by then. */
  static StandInApi api(Lab lab) {
    var api = new StandInApi(GATEWAY, lab.node(1));
    lab.node(1).sh("echo '%s 6443' >/etc/stand-in-api".formatted(GATEWAY));
    return api;
  }

  static String nodes(Lab lab) {
    return lab.node(1)
        .sh(
            "KUBECONFIG=/etc/kubernetes/admin.conf kubectl get nodes | awk '{ print $1, $2 }' | sort");
  }

  static void inventory(Lab lab, String... roles) {
    inventory(lab, StandInKubernetes.VERSION, List.of(roles));
  }

  static void inventory(Lab lab, String version, List<String> roles) {
    var hosts = new StringBuilder();
    for (var i = 0; i < roles.size(); i++) {
      hosts.append(
          "  n%d: { address: %s, roles: [%s] }%n"
              .formatted(i + 1, lab.node(i + 1).address(), roles.get(i)));
    }
    lab.nodes()
        .forEach(node -> node.sh("echo 'nameserver %s' >/etc/resolv-pods.conf".formatted(GATEWAY)));
    lab.write(
        "cluster.yml",
        lab.cluster("kubeadm.yml", lab.file("artifacts"), version, hosts.toString())
            .replace(
                "  ignore_",
                "  encryption: { provider: aescbc }\n  audit: { max_size: 5 }\n  ignore_"));
  }
}

package io.provision.steps.k3s.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Frame;
import io.provision.remote.Shells;
import io.provision.step.datastore.Drill;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.etcd.DrillHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A second server beside the living one, of what an archive holds. */
final class K3sDrillTest {
  private static final String KUBECTL = "var/lib/rancher/k3s/data/current/bin/kubectl";
  private static final String CONFIG =
      "server: https://10.0.0.9:6443\nflannel-iface: eth1\nnode-ip: 10.0.0.1\n";

  /** It has what the archive brings and what the living one is configured by. */
  private static final String K3S =
      """
      etc=%1$s/etc/rancher/k3s server=%1$s/var/lib/rancher/k3s/server
      echo "k3s $*" >>%1$s/log
      cat "$etc/config.yaml" "$etc/config.yaml.d/"* "$etc/server-token" "$server/token" >>%1$s/read
      case $* in
      *--cluster-reset*) mkdir -p "$server/db/etcd/member"; : >"$server/db/reset-flag" ;;
      *) [ ! -e %1$s/ends ] || { echo 'encrypted with different token'; exit 1; }
        : >"$etc/k3s.yaml"
        exec sleep 60 ;;
      esac
      """;

  @TempDir Path root;
  private DrillHost host;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @BeforeEach
  void aServerLives() throws IOException {
    host = new DrillHost(root);
    host.file("etc/rancher/k3s/config.yaml", CONFIG);
    host.file("etc/rancher/k3s/k3s.yaml", "living");
    host.file("etc/rancher/k3s/server-token", "living");
    host.file("var/lib/rancher/k3s/server/token", "living");
    host.program(KUBECTL, DrillHost.answers("true", "true"));
    host.program("usr/local/bin/k3s", K3S);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatTheArchiveHoldsIsReadByASecondServer(List<String> shell) throws Exception {
    var ended = tried(shell);
    assertThat(ended.ok()).as(ended.output()).isTrue();
    var found = Drill.Found.read(ended);
    assertThat(found.marked()).isTrue();
    assertThat(found.counts())
        .isEqualTo(Map.of(Drill.Part.NODES, 2, Drill.Part.NAMESPACES, 4, Drill.Part.SECRETS, 9));
    assertThat(Files.readString(root.resolve("read")))
        .contains("node-ip: 10.0.0.1", "disable-agent: true", "etcd-disable-snapshots: true")
        .contains("archived")
        .doesNotContain("living", "server: https", "eth1");
    assertThat(Files.readString(root.resolve("log")))
        .contains("ip address add 10.0.0.1/32 dev lo", "k3s server --cluster-reset");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void nothingOfTheLivingOneIsTouched(List<String> shell) throws Exception {
    assertThat(tried(shell).ok()).isTrue();
    host.lives("etc/rancher", "k3s/config.yaml", "k3s/k3s.yaml", "k3s/server-token");
    host.lives("var/lib/rancher", "k3s/data/current/bin/kubectl", "k3s/server/token");
    host.lives("var/lib/provision/etcd");
    host.lives("var/log", "audit.log");
    assertThat(root.resolve("etc/rancher.living/k3s/config.yaml")).hasContent(CONFIG);
    assertThat(root.resolve("etc/rancher.living/k3s/k3s.yaml")).hasContent("living");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aServerThatDoesNotRunOnItIsToldByWhatItSaid(List<String> shell) throws Exception {
    host.file("ends", "");
    host.program(KUBECTL, "exit 1");
    var ended = tried(shell);
    assertThat(ended.ok()).isFalse();
    assertThat(ended.output())
        .contains(
            "encrypted with different token",
            "the API server of what was restored ended by itself");
  }

  /** What is not covered is not written, and no daemon is called. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void noOptionReachesBeyondWhatIsCovered(List<String> shell) throws Exception {
    host.file(
        "etc/rancher/k3s/config.yaml",
        CONFIG
            + """
            "vpn-auth-file": /etc/vpn
            log: /data/k3s.log
            kube-apiserver-arg:
            - audit-log-path=/data/audit.log
            - "audit-log-maxage=3"
            """);
    host.file(
        "etc/rancher/k3s/config.yaml.d/zzz.yaml",
        """
        disable-agent: false
        kube-apiserver-arg+: ["audit-log-path=/data/other.log", "v=2"]
        """);
    assertThat(tried(shell).ok()).isTrue();
    assertThat(Files.readString(root.resolve("read")))
        .contains("- audit-log-path=/var/log/audit.log\n- \"audit-log-maxage=3\"\n")
        .contains("[\"audit-log-path=/var/log/audit.log\", \"v=2\"]")
        .contains("disable-agent: true")
        .doesNotContain("vpn", "/data", "disable-agent: false");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void allAddressesOfTheNodeAreThere(List<String> shell) throws Exception {
    for (var written :
        List.of(
            "'10.0.0.1,fd00::1'",
            "[10.0.0.1, \"fd00::1\"]",
            "\n- 10.0.0.1\n- \"fd00::1\"",
            "\n  - 10.0.0.1\n  - fd00::1\n")) {
      Files.deleteIfExists(root.resolve("log"));
      host.file("etc/rancher/k3s/config.yaml", "node-ip: " + written + "\ntls-san:\n- a\n");
      host.program("usr/local/bin/k3s", "exit 1");
      tried(shell);
      assertThat(Files.readString(root.resolve("log")))
          .as(written)
          .contains("ip address add 10.0.0.1/32 dev lo\n", "ip -6 address add fd00::1/128 dev lo\n")
          .doesNotContain("address add a");
      setUpAgain();
    }
  }

  /** As it was before it was tried. */
  private void setUpAgain() throws IOException {
    for (var living :
        List.of("etc/rancher", "var/lib/rancher", "var/lib/provision/etcd", "var/log")) {
      Files.delete(root.resolve(living));
      Files.move(root.resolve(living + ".living"), root.resolve(living));
    }
    try (var all = Files.walk(root.resolve("var/lib/provision/drill"))) {
      all.sorted(Comparator.reverseOrder()).forEach(it -> it.toFile().delete());
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void withoutAnAddressNothingBegins(List<String> shell) throws Exception {
    host.file("etc/rancher/k3s/config.yaml", "server: https://10.0.0.9:6443\n");
    assertThat(tried(shell).output()).contains("config.yaml names no node-ip");
    assertThat(root.resolve("log")).doesNotExist();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void anEtcdWithDataAtAnotherPlaceIsLeftAlone(List<String> shell) throws Exception {
    host.file(
        "etc/rancher/k3s/config.yaml.d/etcd.yaml",
        "etcd-arg: [\"quota-backend-bytes=1\", \"wal-dir=/fast/wal\"]\n");
    assertThat(tried(shell).output())
        .contains("with 'wal-dir=/fast/wal': a drill would write to its data");
    assertThat(root.resolve("log")).doesNotExist();
  }

  /** The living one's are read then. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void keysOfSecretsThatTheArchiveDoesNotHoldAreNamed(List<String> shell) throws Exception {
    var option = "kube-apiserver-arg:\n- encryption-provider-config=" + root;
    host.file(
        "etc/rancher/k3s/config.yaml", CONFIG + option + "/etc/rancher/k3s/mine.yaml\n- v=2\n");
    assertThat(tried(shell).output())
        .contains(
            "keys in " + root + "/etc/rancher/k3s/mine.yaml, which the archive does not hold");
    setUpAgain();
    host.file("etc/rancher/k3s/config.yaml", CONFIG + option + "/etc/rancher/k3s/server-token\n");
    assertThat(tried(shell).output()).doesNotContain("note:");
  }

  private Frame tried(List<String> shell) throws Exception {
    var paths =
        host.archive(
            "archived", "etc/rancher/k3s/server-token", "var/lib/rancher/k3s/server/token");
    var drill = new K3sDrill(new Kubectl("/" + KUBECTL, "/etc/rancher/k3s/k3s.yaml"));
    return host.tried(shell, drill.inside(host.snapshot(), paths, "d29yZA=="));
  }
}

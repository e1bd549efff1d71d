package io.provision.steps.kubeadm.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.remote.Shells;
import io.provision.step.datastore.Drill;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.etcd.DrillHost;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A second etcd and API server beside the living ones, of what an archive holds. */
final class MemberDrillTest {
  private static final String ETCDUTL =
      """
      case $* in *--help) echo '  --bump-revision uint'; exit 0 ;; esac
      echo "etcdutl $*" >>%1$s/log
      mkdir -p %1$s/var/lib/etcd/restoring/member
      """;

  private static final String KUBEADM =
      """
      echo "kubeadm $*" >>%1$s/log
      [ ! -e %1$s/unfit ] || { echo 'error: failure loading ca certificate'; exit 1; }
      [ "$(cat %1$s/etc/kubernetes/pki/ca.key)" = archived ] || exit 1
      case $* in
      *' certs all '*) : >%1$s/etc/kubernetes/pki/apiserver.crt ;;
      *' kubeconfig admin '*)
        [ ! -e %1$s/etc/kubernetes/admin.conf ] || { echo 'error: got the wrong CA cert'; exit 1; }
        echo made >%1$s/etc/kubernetes/admin.conf ;;
      esac
      """;

  /** The program of a container, which the API server answers by. */
  private static final String RUNS =
      """
      echo "${0##*/proc/} $*" >>%1$s/log
      cat %1$s/etc/kubernetes/encryption/config.yaml >>%1$s/read
      [ ! -e %1$s/ends ] || { echo 'panic: no keys'; exit 1; }
      echo started >>%1$s/started
      exec sleep 60
      """;

  /** To who has a certificate of the authorities that it has itself, once both run. */
  private static final String ANSWERS =
      DrillHost.answers(
          "[ ! -e %1$s/ends ] && [ \"$(cat \"$KUBECONFIG\")\" = made ]",
          "[ \"$(wc -l <%1$s/started)\" -ge 2 ]");

  private static final String CONTAINERS =
      """
      case $* in
      *'tasks list') echo 'TASK PID STATUS'; echo 'a1 71 RUNNING'; echo 'b2 72 RUNNING' ;;
      *'==etcd') [ -e %1$s/stopped ] || echo a1 ;;
      *'==kube-apiserver') echo b2 ;;
      esac
      """;

  @TempDir Path root;
  private DrillHost host;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @BeforeEach
  void aControlPlaneLives() throws IOException {
    host = new DrillHost(root);
    host.file(
        "etc/kubernetes/provision/init.yaml",
        "localAPIEndpoint:\n  advertiseAddress: \"10.0.0.1\"\n");
    host.file("etc/kubernetes/admin.conf", "living");
    host.file("etc/kubernetes/manifests/etcd.yaml", "living");
    host.file("etc/kubernetes/pki/ca.key", "living");
    host.file("etc/kubernetes/encryption/config.yaml", "living");
    host.file("var/lib/etcd/member/snap/db", "living");
    host.file("proc/71/cmdline", "etcd\0--name=n1\0--data-dir=" + root + "/var/lib/etcd\0");
    host.file(
        "proc/72/cmdline",
        "kube-apiserver\0--audit-log-path=/var/log/audit.log\0--encryption-provider-config="
            + root
            + "/etc/kubernetes/encryption/config.yaml\0--feature-gates=a b,$(reboot)\0--v=2\0");
    host.program("proc/71/exe", RUNS);
    host.program("proc/72/exe", RUNS);
    host.program("proc/71/root/usr/local/bin/etcdutl", ETCDUTL);
    host.program("usr/local/bin/kubeadm", KUBEADM);
    host.program("usr/local/bin/kubectl", ANSWERS);
    host.program(".programs/ctr", CONTAINERS);
    host.program(".programs/timeout", "shift\nexec \"$@\"");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatTheArchiveHoldsIsReadByTheProgramsThatRun(List<String> shell) throws Exception {
    var ended = tried(shell);
    assertThat(ended.ok()).as(ended.output()).isTrue();
    var found = Drill.Found.read(ended);
    assertThat(found.marked()).isTrue();
    assertThat(found.counts())
        .isEqualTo(Map.of(Drill.Part.NODES, 2, Drill.Part.NAMESPACES, 4, Drill.Part.SECRETS, 9));
    assertThat(Files.readString(root.resolve("log")))
        .contains(
            "ip address add 10.0.0.1/32 dev lo",
            "kubeadm init phase certs all --config " + root + "/etc/kubernetes/provision/init.yaml",
            "--name n1 --initial-cluster n1=https://10.0.0.1:2380")
        .contains("71/exe --name=n1 --data-dir=" + root + "/var/lib/etcd\n")
        .contains(
            "72/exe --encryption-provider-config="
                + root
                + "/etc/kubernetes/encryption/config.yaml --feature-gates=a b,$(reboot) --v=2\n");
    assertThat(Files.readString(root.resolve("read")))
        .contains("archived")
        .doesNotContain("living");
    assertThat(ended.output()).doesNotContain("note: Secrets");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void nothingOfTheLivingOneIsTouched(List<String> shell) throws Exception {
    assertThat(tried(shell).ok()).isTrue();
    host.lives(
        "etc/kubernetes",
        "admin.conf",
        "encryption/config.yaml",
        "manifests/etcd.yaml",
        "pki/ca.key",
        "provision/init.yaml");
    host.lives("var/lib/etcd", "member/snap/db");
    host.lives("var/log", "audit.log");
    assertThat(root.resolve("etc/kubernetes.living/pki/ca.key")).hasContent("living");
    assertThat(root.resolve("etc/kubernetes.living/encryption/config.yaml")).hasContent("living");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatDoesNotRunOnItIsToldByWhatItSaid(List<String> shell) throws Exception {
    host.file("ends", "");
    var ended = tried(shell);
    assertThat(ended.ok()).isFalse();
    assertThat(ended.output())
        .contains("panic: no keys", "the etcd of what was restored ended by itself");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void authoritiesThatMakeNoCertificatesAreNamed(List<String> shell) throws Exception {
    host.file("unfit", "");
    assertThat(tried(shell).output())
        .contains(
            "failure loading ca certificate",
            "kubeadm made no certificates from the authorities of the archive");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whereNoEtcdRunsThereAreNoProgramsForIt(List<String> shell) throws Exception {
    host.file("stopped", "");
    assertThat(tried(shell).output()).contains("containerd runs no etcd or no API server here");
    assertThat(root.resolve("log")).doesNotExist();
  }

  /** Of that no copy is covered: a second etcd would write to it. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void anEtcdWithDataAtAnotherPlaceIsLeftAlone(List<String> shell) throws Exception {
    for (var options :
        List.of(
            "--data-dir=/data/etcd",
            "--data-dir=" + root + "/var/lib/etcd\0--wal-dir=/fast/wal",
            "--config-file=/etc/etcd.yaml",
            "-wal-dir\0/fast/wal\0--data-dir=" + root + "/var/lib/etcd",
            "--name=n1")) {
      host.file("proc/71/cmdline", "etcd\0" + options + "\0--v2=false\0");
      var ended = tried(shell);
      assertThat(ended.ok()).as(options).isFalse();
      assertThat(ended.output())
          .contains(options.startsWith("--name") ? "with ''" : options.split("\0")[0])
          .contains("a drill would write to its data");
      assertThat(root.resolve("log")).doesNotExist();
      Files.delete(
          root.resolve(
              "var/lib/provision/drill/root"
                  + root
                  + "/var/lib/provision/etcd/restoring/archive.tar"));
    }
  }

  /** The living one's are read then. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void keysOfSecretsThatTheArchiveDoesNotHoldAreNamed(List<String> shell) throws Exception {
    host.file(
        "proc/72/cmdline",
        "kube-apiserver\0--encryption-provider-config=/etc/kubernetes/mine.yaml\0--v=2\0");
    assertThat(tried(shell).output())
        .contains("keys in /etc/kubernetes/mine.yaml, which the archive does not hold");
  }

  private Frame tried(List<String> shell) throws Exception {
    var paths =
        host.archive(
            "archived", "etc/kubernetes/pki/ca.key", "etc/kubernetes/encryption/config.yaml");
    var drill =
        new MemberDrill(
            new Kubectl("/usr/local/bin/kubectl", "/etc/kubernetes/admin.conf"),
            "/etc/kubernetes/provision/init.yaml");
    return host.tried(shell, drill.inside(new HostName("n1"), host.snapshot(), paths, "d29yZA=="));
  }
}

package io.provision.steps.kubeadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.remote.Shells;
import io.provision.resource.LocalHost;
import io.provision.steps.kubernetes.etcd.SoundSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What kubeadm's first control plane makes of a snapshot that was brought. */
final class KubeadmRestorationTest {
  private static final String RESTORING = "var/lib/provision/etcd/restoring";
  private static final String HELP = "echo '  --bump-revision uint' ";
  private static final String MADE =
      "for word do shift; [ \"$word\" = --data-dir ] && break; done; mkdir -p \"$1/member/snap\"; echo db >\"$1/member/snap/db\"";

  @TempDir Path root;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @BeforeEach
  void brought() throws IOException {
    write(RESTORING + "/archive", "home-etcd-20261128T170000Z.tar\n");
    Files.write(root.resolve(RESTORING + "/snapshot.db"), SoundSnapshot.of(1024));
    write(
        "etc/kubernetes/provision/init.yaml", "localAPIEndpoint:\n  advertiseAddress: 10.0.0.1\n");
    program(
        "kubeadm",
        """
        echo "kubeadm $*" >>%s/log
        case $* in
        *validate*) echo ok ;;
        *preflight*) [ ! -e %1$s/unfit ] || { echo '[ERROR Port-6443]: Port 6443 is in use'; exit 1; } ;;
        *'images list'*) echo registry.k8s.io/kube-apiserver:v1.36.2; echo registry.k8s.io/etcd:3.6.8-0 ;;
        esac
        """
            .formatted(root));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aDatastoreIsMadeByTheImageOfEtcdAndTheControlPlaneCountsAsBegun(List<String> shell)
      throws IOException {
    var ended = restored(shell, HELP, MADE);
    assertThat(ended.ok()).as(ended.output()).isTrue();
    assertThat(root.resolve("var/lib/etcd/member/snap/db")).hasContent("db");
    assertThat(root.resolve("var/lib/etcd")).isDirectoryNotContaining("glob:**/restoring");
    assertThat(root.resolve("etc/kubernetes/provision/begun")).exists();
    assertThat(root.resolve(RESTORING)).doesNotExist();
    assertThat(root.resolve("var/lib/provision/etcd/forget")).hasContent("n2\nn3");
    var log = Files.readString(root.resolve("log"));
    assertThat(log)
        .contains(
            "--snapshotter native --mount type=bind",
            "registry.k8s.io/etcd:3.6.8-0 provision-etcdutl etcdutl snapshot restore",
            "--name n1 --initial-cluster n1=https://10.0.0.1:2380 --initial-advertise-peer-urls https://10.0.0.1:2380 --bump-revision 1000000000 --mark-compacted")
        .doesNotContain("image-of-tracing");
    assertThat(log.indexOf("phase preflight"))
        .as("kubeadm wants no data of etcd to be there")
        .isBetween(0, log.indexOf("--data-dir"));
  }

  /**
   * Killed anywhere before the mark is gone, no empty cluster begins, and nothing is half there.
   */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void oneThatFailsLeavesTheMarkAndNoDatastore(List<String> shell) throws IOException {
    var ended = restored(shell, HELP, "echo 'Error: no space left on device' >&2; exit 1");
    assertThat(ended.ok()).isFalse();
    assertThat(ended.output())
        .contains("no space left on device", "etcdutl made no datastore of the snapshot");
    assertThat(root.resolve("var/lib/etcd/member")).doesNotExist();
    assertThat(root.resolve(RESTORING + "/snapshot.db")).exists();
    assertThat(restored(shell, HELP, MADE).ok()).as("the same goes on").isTrue();
    assertThat(Files.readString(root.resolve("log")).split("phase preflight")).hasSize(2);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void anImageWithoutEtcdutlIsNamed(List<String> shell) throws IOException {
    var missing = "echo 'exec: \"etcdutl\": executable file not found in $PATH' >&2; exit 1";
    var ended = restored(shell, missing, missing);
    assertThat(ended.output())
        .contains("the image registry.k8s.io/etcd:3.6.8-0 has no etcdutl")
        .doesNotContain("cannot move revisions on");
    assertThat(root.resolve("var/lib/etcd/member")).doesNotExist();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void anOlderEtcdutlRestoresWithoutMovingRevisionsOn(List<String> shell) throws IOException {
    var ended = restored(shell, "echo '  --data-dir string'", MADE);
    assertThat(ended.ok()).as(ended.output()).isTrue();
    assertThat(ended.output()).contains("restart the kubelets of workers");
    assertThat(Files.readString(root.resolve("log"))).doesNotContain("--mark-compacted");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aHostThatIsNotFitSaysWhatKubeadmSays(List<String> shell) throws IOException {
    write("unfit", "");
    var ended = restored(shell, HELP, MADE);
    assertThat(ended.ok()).isFalse();
    assertThat(ended.output()).contains("Port 6443 is in use");
    assertThat(root.resolve("etc/kubernetes/provision/begun")).doesNotExist();
    assertThat(root.resolve("var/lib/etcd")).doesNotExist();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aSnapshotThatWasDamagedOnTheWayIsNotRestored(List<String> shell) throws IOException {
    var bytes = SoundSnapshot.of(1024);
    bytes[100] ^= 1;
    Files.write(root.resolve(RESTORING + "/snapshot.db"), bytes);
    assertThat(restored(shell, HELP, MADE).output()).contains("its SHA-256 is another");
    assertThat(root.resolve("log")).doesNotExist();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whereThereIsNoRoomForADatastoreNoneIsMade(List<String> shell) throws IOException {
    var host =
        host(shell, HELP, MADE)
            .program("df", "echo Filesystem; echo '/dev/sda1 1000000 899000 101000 90% /'")
            .program("du", "echo '2000\tx'");
    assertThat(restored(host).output()).contains("has 98 MB left");
    assertThat(root.resolve("var/lib/etcd/restoring")).doesNotExist();
  }

  private Frame restored(List<String> shell, String help, String restore) {
    return restored(host(shell, help, restore));
  }

  private static Frame restored(LocalHost host) {
    var others = List.of(new HostName("n2"), new HostName("n3"));
    return host.attempt(new KubeadmRestoration().datastore(new HostName("n1"), others));
  }

  private LocalHost host(List<String> shell, String help, String restore) {
    return new LocalHost(root)
        .below(root)
        .in(shell.toArray(String[]::new))
        .program(
            "containerd",
            """
            echo '[plugins."io.containerd.tracing"]'
            echo '  snapshotter = "image-of-tracing"'
            echo '    [plugins."io.containerd.grpc.v1.cri".containerd]'
            echo '      snapshotter = "native"'
            """)
        .program(
            "ctr",
            "echo \"ctr $*\" >>%s/log; case $* in *' tasks '* | *' delete '*) exit 1 ;; *--help) %s ;; *) %s ;; esac"
                .formatted(root, help, restore));
  }

  private void program(String name, String text) throws IOException {
    write("usr/local/bin/" + name, "#!/bin/sh\n" + text);
    assertThat(root.resolve("usr/local/bin/" + name).toFile().setExecutable(true)).isTrue();
  }

  private void write(String path, String text) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}

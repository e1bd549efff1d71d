package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A snapshot of a cluster of the real programs is tried beside it, while it is asked twice a
 * second. The control is an archive with another key of Secrets.
 */
@Tag("long")
class RealDrillTest {
  private static final List<String> ROLES = List.of("control-plane", "control-plane");

  /** Another key for the archive: the same file, with zeros. */
  private static final String OTHER_KEY =
      """
      set -e
      mkdir files
      tar -xf "$1" -C files
      key=$(find files -path '*/encryption/config.yaml')
      sed -i 's|secret: .*|secret: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=|' "$key"
      tar -tf "$1" >names
      tar -cf "$2" --no-recursion -C files -T names
      chmod 600 "$2"
      """;

  /** What lives, and what it is configured by. */
  private static final String STATE =
      """
      for process in /proc/[0-9]*; do
        case $(cat $process/comm 2>/dev/null) in
        etcd | kube-apiserver | k3s-server | kubelet | containerd) echo "$process $(cat $process/comm)" ;;
        esac
      done | sort
      find /etc/kubernetes /etc/rancher /var/lib/rancher/k3s/server/tls -type f -exec sha256sum {} + 2>/dev/null | sort
      ls -d /var/lib/provision/drill 2>/dev/null
      :
      """;

  @Test
  void ofKubeadm() {
    isTried(RealCluster::ofKubeadm);
  }

  @Test
  void ofK3s() {
    isTried(RealCluster::ofK3s);
  }

  private static void isTried(Function<Lab, RealCluster> of) {
    try (var lab = Lab.of(2)) {
      var cluster = of.apply(lab);
      System.out.println("RealDrillTest: with " + cluster.called());
      lab.nodes().forEach(cluster::letRun);
      cluster.inventory(cluster.newer(), ROLES, Set.of(), Set.of());
      lab.write(
          "cluster.yml",
          Checkout.text(lab.file("cluster.yml"))
              .replaceFirst(
                  "(?m)^  version:",
                  "  encryption: { provider: secretbox }\n  audit: { max_age: 3 }\n  version:"));
      lab.provision().json("apply", "cluster.yml").exits(0);
      var first = lab.node(1);
      var before = first.sh(STATE);
      assertThat(before)
          .contains("encryption/config.yaml")
          .containsPattern(" (kubelet|k3s-server)\n");
      asked(cluster, first);

      var tried = lab.provision().run("etcd", "drill", "cluster.yml").exits(0);
      assertThat(tried.text())
          .contains("n1: a datastore was made of it beside the living cluster", " 2 nodes, ")
          .contains("the Secret that was written before the snapshot");
      nothingIsLeft(cluster, first, before);
      isKilled(lab, first);
      var archive = archive(lab);
      var old = lab.provision().run("etcd", "drill", "cluster.yml", archive.toString()).exits(0);
      assertThat(old.text()).doesNotContain("written before the snapshot").contains(" secrets");
      nothingIsLeft(cluster, first, before);

      var other = withAnotherKey(lab, archive);
      var unread = lab.provision().run("etcd", "drill", "cluster.yml", other.toString()).exits(1);
      System.out.println(unread.text());
      assertThat(unread.text())
          .contains(
              "not written with the keys of the archive", "Nothing of the cluster was changed");
      nothingIsLeft(cluster, first, before);
      first.sh("touch /tmp/enough");
      var answers = first.sh("sleep 2; sort /tmp/answers | uniq -c");
      System.out.println("answers meanwhile: " + answers.strip());
      assertThat(answers).contains("ok").doesNotContain("none");
      lab.nothingIsLeftToDo(lab.nodes());
    }
  }

  /** It is asked until it is enough. */
  private static void asked(RealCluster cluster, Node node) {
    var kubectl =
        cluster.isKubeadm()
            ? "kubectl --kubeconfig /etc/kubernetes/admin.conf --server=https://127.0.0.1:6443 --tls-server-name=kubernetes"
            : "k3s kubectl";
    node.sh(
        """
        cat >/tmp/ask <<'END'
        until [ -e /tmp/enough ]; do
          %s get --raw /readyz --request-timeout=5s 2>/dev/null | grep -qx ok && echo ok || echo none
          sleep 0.5
        done >/tmp/answers
        END
        setsid sh /tmp/ask >/dev/null 2>&1 </dev/null &
        """
            .formatted(kubectl));
  }

  /** Whatever ends the script ends all that it began; the next one goes on with nothing. */
  private static void isKilled(Lab lab, Node node) {
    var running = lab.provision().start("etcd", "drill", "cluster.yml");
    running.awaitOn(
        node, "a second API server", "[ -e /var/lib/provision/drill/root/var/log/.drill ]");
    running.kill();
    node.sh("pkill -9 -x unshare || :");
    node.await("nothing of the drill to run", "! pgrep -f '[d]rill/inside.sh'");
    lab.provision().run("etcd", "drill", "cluster.yml").exits(0);
  }

  private static void nothingIsLeft(RealCluster cluster, Node node, String before) {
    assertThat(node.sh(STATE)).as("what lives, and its configuration").isEqualTo(before);
    assertThat(cluster.kubectl(node, "-n kube-system get secrets -o name"))
        .doesNotContain("provision-drill");
  }

  private static Path archive(Lab lab) {
    try (var files = Files.list(lab.file("etcd-snapshots"))) {
      return files.filter(it -> it.toString().endsWith(".tar")).findFirst().orElseThrow();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path withAnotherKey(Lab lab, Path archive) {
    try {
      var folder = Files.createDirectory(lab.file("other"));
      var made = folder.resolve(archive.getFileName());
      var process =
          new ProcessBuilder("sh", "-c", OTHER_KEY, "sh", archive.toString(), made.toString())
              .directory(folder.toFile())
              .inheritIO()
              .start();
      assertThat(process.waitFor()).isZero();
      return made;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException(e);
    }
  }
}

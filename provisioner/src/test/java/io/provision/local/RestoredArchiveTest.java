package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskException;
import io.provision.desk.HeldSnapshot;
import io.provision.steps.kubernetes.etcd.SoundSnapshot;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Root unpacks an archive on a host: what could do anything else than is expected is refused. */
final class RestoredArchiveTest {
  private static final String TIME = "20261128T170000Z";
  private static final String SNAPSHOT = "var/lib/provision/etcd/snapshot-%s.db".formatted(TIME);

  private static final HeldSnapshot.Expected EXPECTED =
      new HeldSnapshot.Expected(
          "home",
          List.of("/etc/kubernetes/pki/ca.key", "/var/lib/rancher/k3s/server/tls"),
          List.of("/etc/kubernetes/encryption/config.yaml"));

  @TempDir Path directory;

  /** An archive of tar in the making: what tar(1) would not write is written by hand. */
  private static final class Tar {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();

    Tar file(String name, byte[] bytes) {
      return entry(name, '0', "", bytes);
    }

    Tar entry(String name, char type, String link, byte[] bytes) {
      var header = new byte[512];
      put(header, 0, name);
      put(header, 100, "0000600\0");
      put(header, 124, "%011o\0".formatted(bytes.length));
      put(header, 148, "        ");
      header[156] = (byte) type;
      put(header, 157, link);
      put(header, 257, "ustar\0");
      var sum = 0;
      for (var each : header) {
        sum += each & 0xff;
      }
      put(header, 148, "%06o\0 ".formatted(sum));
      out.writeBytes(header);
      out.writeBytes(bytes);
      out.writeBytes(new byte[(512 - bytes.length % 512) % 512]);
      return this;
    }

    private static void put(byte[] header, int at, String text) {
      var bytes = text.getBytes(StandardCharsets.UTF_8);
      System.arraycopy(bytes, 0, header, at, bytes.length);
    }

    byte[] bytes() {
      var all = out.toByteArray();
      return Arrays.copyOf(all, all.length + 1024);
    }
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static Tar whole() {
    return new Tar()
        .file(SNAPSHOT, SoundSnapshot.of(1024))
        .file("etc/kubernetes/pki/ca.key", text("key"))
        .entry("var/lib/rancher/k3s/server/tls/", '5', "", new byte[0])
        .file("var/lib/rancher/k3s/server/tls/server-ca.key", text("key"));
  }

  @Test
  void oneThatIsWholeIsTakenWithWhatIsInIt() throws Exception {
    var held = RestoredArchive.read(write("home", whole().bytes()), EXPECTED);
    assertThat(held.time()).isEqualTo(TIME);
    assertThat(held.snapshot()).isEqualTo("/" + SNAPSHOT);
    assertThat(held.paths())
        .containsExactly("/etc/kubernetes/pki/ca.key", "/var/lib/rancher/k3s/server/tls");
    assertThat(held.size()).isEqualTo(Files.size(held.archive()));
    assertThat(held.sha256().hex()).hasSize(64);
    var more = whole().file("etc/kubernetes/encryption/config.yaml", text("key"));
    assertThat(RestoredArchive.read(write("home", more.bytes()), EXPECTED).paths())
        .contains("/etc/kubernetes/encryption/config.yaml");
  }

  @Test
  void whatRootWouldWriteElsewhereIsRefused() throws Exception {
    for (var name :
        List.of(
            "etc/cron.d/evil",
            "../etc/cron.d/evil",
            "/etc/kubernetes/pki/ca.key",
            "etc/kubernetes/pki/ca.key/../../../cron.d/evil",
            "var/lib/rancher/k3s/server/tls/../../../../../etc/shadow",
            "var/lib/rancher/k3s/server/tls/./x",
            "var/lib/rancher/k3s/server/tls//x",
            "var/lib/rancher/k3s/server/tlsx",
            "var/lib/rancher/k3s/server/tls/$(reboot)",
            "var/lib/rancher/k3s/server/tls/a\nb",
            "var/lib/rancher/k3s/server/tls/-rf",
            "var/lib/provision/etcd/snapshot-20261128T170001Z.db",
            "")) {
      assertThat(complaint("home", whole().file(name, text("x")).bytes()))
          .as(name)
          .contains("it holds ")
          .doesNotContain("\n", "$(");
    }
  }

  @Test
  void whatIsNoFileIsRefused() throws Exception {
    for (var type : List.of('1', '2', '3', '4', '6', '7', 'L', 'x', 'g', 'S')) {
      var odd = whole().entry("var/lib/rancher/k3s/server/tls/x", type, "/etc/shadow", new byte[0]);
      assertThat(complaint("home", odd.bytes()))
          .as("type " + type)
          .contains("is neither a file nor a directory");
    }
    var link = new Tar().entry(SNAPSHOT, '2', "/etc/shadow", new byte[0]);
    assertThat(complaint("home", link.bytes())).contains("it holds /" + SNAPSHOT);
  }

  /** The second would be what is unpacked, and the first what was looked at. */
  @Test
  void whatIsThereTwiceIsRefused() throws Exception {
    assertThat(complaint("home", whole().file(SNAPSHOT, text("x")).bytes()))
        .contains("two snapshots");
    assertThat(complaint("home", whole().file("etc/kubernetes/pki/ca.key", text("other")).bytes()))
        .contains("/etc/kubernetes/pki/ca.key twice");
  }

  @Test
  void oneOfAnotherClusterOrDistributionIsRefused() throws Exception {
    assertThat(complaint("other", whole().bytes()))
        .contains("it is of the cluster 'other', and the inventory's is called 'home'");
    var kubeadm = new HeldSnapshot.Expected("home", List.of("/etc/kubernetes/pki"), List.of());
    assertThat(complaint(write("home", whole().bytes()), kubeadm))
        .contains("it holds /var/lib/rancher/k3s/server/tls", "and its distribution");
    var renamed = Files.write(directory.resolve("backup.tar"), whole().bytes());
    assertThat(complaint(renamed, EXPECTED)).contains("home-etcd-TIME.tar");
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    var less = new Tar().file("etc/kubernetes/pki/ca.key", text("key"));
    assertThat(complaint("home", less.bytes()))
        .contains("it has no /%s, /var/lib/rancher/k3s/server/tls".formatted(SNAPSHOT));
    var empty = whole().bytes();
    assertThat(complaint("home", new byte[0])).contains("it ends too early");
    assertThat(complaint("home", Arrays.copyOf(empty, 2048))).contains("it ends too early");
  }

  @Test
  void aSnapshotThatIsNotWholeIsRefused() throws Exception {
    var bytes = SoundSnapshot.of(1024);
    bytes[40] ^= 1;
    var damaged =
        new Tar()
            .file(SNAPSHOT, bytes)
            .file("etc/kubernetes/pki/ca.key", text("key"))
            .file("var/lib/rancher/k3s/server/tls/x", text("x"));
    assertThat(complaint("home", damaged.bytes())).contains("its SHA-256 is another");
  }

  @Test
  void theSnapshotAloneIsOfNoUse() throws Exception {
    assertThat(complaint("home", SoundSnapshot.of(1024)))
        .contains("it is not an archive of tar", "the snapshot alone is of no use");
  }

  @Test
  void whatIsNotThereIsSaid() {
    assertThat(complaint(directory.resolve("home-etcd-20261128T170000Z.tar"), EXPECTED))
        .contains("it is not there");
    assertThat(complaint(directory, EXPECTED)).contains("it is not a file");
  }

  private String complaint(String cluster, byte[] bytes) throws IOException {
    return complaint(write(cluster, bytes), EXPECTED);
  }

  private static String complaint(Path archive, HeldSnapshot.Expected expected) {
    try {
      var _ = RestoredArchive.read(archive, expected);
      return "";
    } catch (DeskException e) {
      return e.what() + ". " + e.remedy();
    }
  }

  private Path write(String cluster, byte[] bytes) throws IOException {
    return Files.write(directory.resolve("%s-etcd-%s.tar".formatted(cluster, TIME)), bytes);
  }
}

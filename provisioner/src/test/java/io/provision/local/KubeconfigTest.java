package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.desk.DeskChange.MergeKubeconfig;
import io.provision.desk.DeskException;
import io.provision.desk.DeskQuestion.Entry;
import io.provision.desk.DeskQuestion.KubeconfigEntry;
import io.provision.files.AtomicFile;
import io.provision.model.Content;
import io.provision.model.Sha256;
import io.provision.remote.Payload;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class KubeconfigTest {
  private static final String SERVER = "https://192.168.56.11:6443";
  private static final String OTHERS =
      """
      # mine, by hand
      apiVersion: v1
      kind: Config
      preferences: {colors: true}
      clusters:
      # the old one
      - cluster: {server: "https://old.example:6443", insecure-skip-tls-verify: true}
        name: 'old'
      contexts:
      - context:
          cluster: old
          user: me
          namespace: "0123"
        name: old
      users:
      - name: me
        user:
          exec:
            apiVersion: client.authentication.k8s.io/v1
            command: login
            args: [--yes, "no", 1.30]
      current-context: old
      """;

  @TempDir Path home;

  private final Kubeconfig kubeconfig =
      new Kubeconfig(Clock.fixed(Instant.parse("2026-11-22T15:00:00Z"), ZoneOffset.UTC));

  private Path file() {
    return home.resolve("kube/config");
  }

  private void write(String text) throws IOException {
    Files.createDirectories(file().getParent());
    Files.writeString(file(), text);
  }

  private void merge(String source) throws DeskException {
    var bytes = source.getBytes(StandardCharsets.UTF_8);
    kubeconfig.merge(
        new MergeKubeconfig(file(), "home", "home", SERVER, new Payload.Bytes(Content.of(source))),
        bytes,
        "cp1");
  }

  private Optional<Entry> look(String context) throws DeskException {
    return kubeconfig.look(new KubeconfigEntry(file(), context));
  }

  private String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }

  @Test
  void aMissingFileIsCreatedForTheUserAlone() throws Exception {
    assertThat(look("home")).isEmpty();

    merge(TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY));

    assertThat(mode(file())).isEqualTo("rw-------");
    assertThat(mode(AtomicFile.parent(file()))).isEqualTo("rwx------");
    assertThat(Files.readString(file())).contains("current-context: home");
    assertThat(look("home"))
        .contains(
            new Entry(
                SERVER,
                Sha256.of(TestCertificates.AUTHORITY.getBytes(StandardCharsets.UTF_8)),
                Sha256.of(TestCertificates.CLIENT.getBytes(StandardCharsets.UTF_8)),
                true,
                true));
  }

  @Test
  void whatOthersWroteStaysWithItsCommentsStylesAndCurrentContext() throws Exception {
    write(OTHERS);

    merge(TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY));

    assertThat(Files.readString(file()))
        .contains("# mine, by hand", "# the old one", "args: [--yes, \"no\", 1.30]")
        .contains("namespace: \"0123\"", "current-context: old", "name: 'old'")
        .contains("name: home-admin");
    assertThat(look("old").orElseThrow().ours()).isFalse();
  }

  @Test
  void theFileThatWasThereIsKeptFiveTimesOver() throws Exception {
    write(OTHERS);
    Files.writeString(file().resolveSibling("config.bak-mine"), "not ours to remove");
    for (var i = 0; i < 8; i++) {
      new Kubeconfig(
              Clock.fixed(
                  Instant.parse("2026-11-22T15:00:00Z").plus(Duration.ofSeconds(i)),
                  ZoneOffset.UTC))
          .merge(
              new MergeKubeconfig(
                  file(), "home", "home", SERVER, new Payload.Bytes(Content.of(""))),
              TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY)
                  .getBytes(StandardCharsets.UTF_8),
              "cp1");
    }

    try (var siblings = Files.list(file().getParent())) {
      assertThat(siblings.map(path -> path.getFileName().toString()))
          .containsExactlyInAnyOrder(
              "config",
              ".config.provision-lock",
              "config.bak-mine",
              "config.bak-20261122T150003.000Z",
              "config.bak-20261122T150004.000Z",
              "config.bak-20261122T150005.000Z",
              "config.bak-20261122T150006.000Z",
              "config.bak-20261122T150007.000Z");
    }
    assertThat(mode(file().resolveSibling("config.bak-20261122T150007.000Z")))
        .isEqualTo("rw-------");
  }

  @Test
  void theFirstBackupIsTheFileAsItWas() throws Exception {
    write(OTHERS);
    merge(TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY));
    assertThat(file().resolveSibling("config.bak-20261122T150000.000Z")).hasContent(OTHERS);
  }

  @Test
  void aClusterThatWasBuiltAnewReplacesOurOldEntries() throws Exception {
    merge(TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY));
    merge(TestCertificates.kubeconfigOfK3s(TestCertificates.OTHER_AUTHORITY));

    assertThat(look("home").orElseThrow().authority())
        .isEqualTo(Sha256.of(TestCertificates.OTHER_AUTHORITY.getBytes(StandardCharsets.UTF_8)));
    assertThat(Files.readString(file())).containsOnlyOnce("certificate-authority-data");
  }

  @Test
  void aContextOfAnotherClusterIsNotTakenOver() throws Exception {
    write(OTHERS.replace("name: old", "name: home"));
    var before = Files.readString(file());

    assertThatThrownBy(() -> merge(TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY)))
        .isInstanceOf(DeskException.class)
        .hasMessageContaining("already has a context 'home', of another cluster");

    assertThat(file()).hasContent(before);
  }

  @Test
  void aSymbolicLinkStaysOneAndItsTargetIsReplaced() throws Exception {
    Files.createDirectories(file().getParent());
    var target = home.resolve("dotfiles-config");
    Files.writeString(target, OTHERS);
    Files.createSymbolicLink(file(), target);

    merge(TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY));

    assertThat(file()).isSymbolicLink();
    assertThat(Files.readString(target)).contains("home-admin");
    assertThat(mode(target)).isEqualTo("rw-------");
  }

  @Test
  void aReadOnlyFileIsLeftAlone() throws Exception {
    write(OTHERS);
    Files.setPosixFilePermissions(file(), PosixFilePermissions.fromString("r--r--r--"));

    assertThatThrownBy(() -> merge(TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY)))
        .isInstanceOf(DeskException.class)
        .hasMessageContaining("read-only");
    assertThat(file()).hasContent(OTHERS);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "clusters: [",
        "- a list",
        "clusters: {a: b}",
        "a: &x [*x]",
        "clusters: []\nclusters: []",
        "a: 1\n---\nb: 2",
        "\tclusters: []"
      })
  void whatIsNoKubeconfigIsLeftAlone(String broken) throws Exception {
    write(broken);

    assertThatThrownBy(() -> merge(TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY)))
        .isInstanceOf(DeskException.class)
        .hasMessageContaining("is not a kubeconfig");
    assertThatThrownBy(() -> look("home")).isInstanceOf(DeskException.class);
    assertThat(file()).hasContent(broken);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "# nothing yet\n", "clusters: null\nusers: []\n", "{\"kind\": \"Config\"}"})
  void anEmptyOneIsFilled(String empty) throws Exception {
    write(empty);
    merge(TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY));
    assertThat(look("home").orElseThrow().server()).isEqualTo(SERVER);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "exec: {command: /tmp/evil}",
        "auth-provider: {name: oidc}",
        "tokenFile: /etc/shadow",
        "client-key: /etc/shadow",
        "as: system:admin"
      })
  void aNodeCannotMakeTheOperatorRunOrReadAnything(String trap) {
    var source =
        TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY)
            .replace("client-key-data:", trap + "\n    client-key-data:");
    assertThatThrownBy(() -> merge(source))
        .isInstanceOf(DeskException.class)
        .hasMessageContaining("which no node should hand out");
    assertThat(file()).doesNotExist();
  }

  @Test
  void aNodeCannotSendTheOperatorElsewhere() {
    for (var trap : List.of("proxy-url: http://evil", "insecure-skip-tls-verify: true")) {
      var source =
          TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY)
              .replace("    server:", "    " + trap + "\n    server:");
      assertThatThrownBy(() -> merge(source)).hasMessageContaining("no node should hand out");
    }
  }

  @Test
  void aNodeWithoutARealCertificateIsRefused() {
    assertThatThrownBy(() -> merge(TestCertificates.kubeconfigOfK3s("no certificate")))
        .isInstanceOf(DeskException.class)
        .hasMessageContaining("'certificate-authority-data'");
  }

  @Test
  void whatKubectlIsChangingIsWaitedForAndALeftoverOfOursIsNot() throws Exception {
    write(OTHERS);
    Files.writeString(file().resolveSibling("config.lock"), "provision\n");
    merge(TestCertificates.kubeconfigOfK3s(TestCertificates.AUTHORITY));
    assertThat(file().resolveSibling("config.lock")).doesNotExist();
  }
}

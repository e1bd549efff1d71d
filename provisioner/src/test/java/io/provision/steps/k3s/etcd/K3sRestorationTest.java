package io.provision.steps.k3s.etcd;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.remote.Payload;
import io.provision.remote.Shells;
import io.provision.resource.LocalHost;
import io.provision.steps.kubernetes.Kubectl;
import io.provision.steps.kubernetes.etcd.SoundSnapshot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What k3s' first server makes of a snapshot that was brought. */
final class K3sRestorationTest {
  private static final String RESTORING = "var/lib/provision/etcd/restoring";
  private static final String DATABASE = "var/lib/rancher/k3s/server/db";
  private static final String MADE = "mkdir -p $db/etcd/member; : >$db/reset-flag";

  @TempDir Path root;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @BeforeEach
  void brought() throws IOException {
    write(RESTORING + "/archive", "home-etcd-20261128T170000Z.tar\n");
    Files.write(root.resolve(RESTORING + "/snapshot.db"), SoundSnapshot.of(1024));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void k3sMakesTheDatastoreAndTheMarkGoes(List<String> shell) throws IOException {
    var ended = restored(shell, MADE);
    assertThat(ended.ok()).as(ended.output()).isTrue();
    assertThat(root.resolve(RESTORING)).doesNotExist();
    assertThat(root.resolve("var/lib/provision/etcd/forget")).hasContent("n2");
    assertThat(Files.readString(root.resolve("log")))
        .isEqualTo(
            "server --cluster-reset --cluster-reset-restore-path=%s/%s/snapshot.db --etcd-s3=false\n"
                .formatted(root, RESTORING));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void oneThatFailsSaysWhyAndLeavesNoHalfOfADatastore(List<String> shell) throws IOException {
    var fails =
        "mkdir -p $db/etcd/member; echo 'level=fatal msg=\"bootstrap data already found and encrypted with different token\"'; exit 1";
    var ended = restored(shell, fails);
    assertThat(ended.ok()).isFalse();
    assertThat(ended.output()).contains("encrypted with different token", "it ended with 1");
    assertThat(root.resolve(DATABASE + "/etcd")).doesNotExist();
    assertThat(root.resolve(RESTORING + "/snapshot.db")).exists();
    assertThat(restored(shell, MADE).ok()).as("the same goes on").isTrue();
  }

  /** It says by its file that it came to the end; a status alone may be of something else. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void oneThatEndsWithoutItsWordHasMadeNone(List<String> shell) throws IOException {
    var ended = restored(shell, "mkdir -p $db/etcd/member");
    assertThat(ended.ok()).isFalse();
    assertThat(root.resolve(RESTORING)).exists();
  }

  /** k3s writes a kubeconfig only when it makes the certificate in it. */
  @Test
  void ofTheCertificatesOfTheArchiveItsAuthoritiesAloneArePutInTheirPlace() {
    var datastore = new K3sDatastore(new Kubectl("/kubectl", "/kubeconfig"), _ -> Optional.empty());
    var paths = Stream.concat(datastore.required().stream(), datastore.optional().stream());
    var scripts =
        datastore
            .restoration()
            .bring(new Payload.LocalFile(root, 1), "00", "/snapshot.db", paths.toList());
    assertThat(scripts.getLast().call().arguments())
        .contains(
            "/var/lib/rancher/k3s/server/tls/server-ca.crt",
            "/var/lib/rancher/k3s/server/tls/server-ca.key",
            "/var/lib/rancher/k3s/server/tls/client-ca.key",
            "/var/lib/rancher/k3s/server/tls/request-header-ca.crt",
            "/var/lib/rancher/k3s/server/tls/etcd/peer-ca.key",
            "/var/lib/rancher/k3s/server/tls/etcd/server-ca.crt",
            "/var/lib/rancher/k3s/server/tls/service.key",
            "/var/lib/rancher/k3s/server/token",
            "/var/lib/rancher/k3s/server/cred/encryption-config.json",
            "/etc/rancher/k3s/encryption/config.yaml",
            "/etc/rancher/k3s/server-token")
        .doesNotContain("/var/lib/rancher/k3s/server/tls")
        .noneMatch(it -> it.contains("client-admin") || it.contains("serving"));
  }

  private Frame restored(List<String> shell, String k3s) throws IOException {
    write(
        "usr/local/bin/k3s",
        "#!/bin/sh\necho \"$*\" >>%s/log\ndb=%1$s/%s\n%s\n".formatted(root, DATABASE, k3s));
    assertThat(root.resolve("usr/local/bin/k3s").toFile().setExecutable(true)).isTrue();
    var host = new LocalHost(root).below(root).in(shell.toArray(String[]::new));
    return host.attempt(
        new K3sRestoration(new Kubectl("/kubectl", "/kubeconfig"), _ -> Optional.empty())
            .datastore(new HostName("n1"), List.of(new HostName("n2"))));
  }

  private void write(String path, String text) throws IOException {
    var file = root.resolve(path);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }
}

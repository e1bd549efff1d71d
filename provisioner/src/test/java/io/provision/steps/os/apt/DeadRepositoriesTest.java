package io.provision.steps.os.apt;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Script;
import io.provision.resource.LocalHost;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Repair;
import io.provision.steps.kubernetes.Cases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DeadRepositoriesTest {
  private static final DeadRepositories STEP = new DeadRepositories();

  @TempDir Path root;
  private LocalHost host;

  @BeforeEach
  void aHost() {
    host = new LocalHost(root).below(root);
  }

  private Check check() {
    var target = Cases.on(Cases.server(1), Cases.inventory(Cases.server(1)));
    return STEP.check(target, host.look(STEP.probes(target)), new Cases.Settled());
  }

  private void sources(String file, String text) throws IOException {
    var path = root.resolve("etc/apt").resolve(file);
    Files.createDirectories(path.getParent());
    Files.writeString(path, text);
  }

  @Test
  void repositoriesThatAreGoneAreTakenOutOfUse() throws IOException {
    sources("sources.list", "deb http://deb.debian.org/debian bookworm main\n");
    sources(
        "sources.list.d/k.list",
        "deb https://apt.kubernetes.io/ kubernetes-xenial main\ndeb-src https://apt.kubernetes.io/ kubernetes-xenial main\n");
    sources(
        "sources.list.d/g.sources",
        "Types: deb\nURIs: https://packages.cloud.google.com/apt\nSuites: kubernetes-focal\n\nTypes: deb\nURIs: https://packages.cloud.google.com/apt\nSuites: cloud-sdk\n");
    var drift = (Check.Drift) check();
    assertThat(drift.changes())
        .extracting(Change::subject)
        .extracting(it -> Path.of(it).getFileName().toString())
        .containsExactlyInAnyOrder("g.sources", "k.list");
    for (Script script : ((Repair.OnHost) drift.repair()).scripts()) {
      assertThat(host.attempt(script).ok()).as(host.said()).isTrue();
    }
    assertThat(check()).isEqualTo(new Check.InSync());
    assertThat(root.resolve("etc/apt/sources.list.d/g.sources"))
        .content()
        .contains("Suites: cloud-sdk")
        .containsOnlyOnce("Enabled: no");
    assertThat(root.resolve("etc/apt/sources.list")).content().startsWith("deb http");
  }

  @Test
  void whatLooksLikeThemIsNobodysToTouch() throws IOException {
    sources(
        "sources.list",
        """
        deb https://pkgs.k8s.io/core:/stable:/v1.36/deb/ /
        deb https://packages.cloud.google.com/apt cloud-sdk main
        deb https://apt.kubernetes.io.example/ kubernetes-xenial main
        deb https://mirror.example/apt.kubernetes.io/ kubernetes-xenial main
        deb cdrom:[Debian]/ kubernetes-xenial main
        """);
    assertThat(check()).isEqualTo(new Check.InSync());
  }
}

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
import java.nio.file.attribute.FileTime;
import java.time.Instant;
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
    sources("sources.list", "deb http://mirror.example/debian bookworm main\n");
    sources(
        "sources.list.d/k.list",
        "deb https://old.example/ kubernetes-xenial main\ndeb-src https://old.example/ kubernetes-xenial main\n");
    sources(
        "sources.list.d/g.sources",
        "Types: deb\nURIs: https://vendor.example/apt\nSuites: kubernetes-focal\n\nTypes: deb\nURIs: https://vendor.example/apt\nSuites: cloud-sdk\n");
    updated("bookworm");
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

  /** apt has updated its lists, and has got that of Debian. */
  private void updated(String... suites) throws IOException {
    var lists = Files.createDirectories(root.resolve("var/lib/apt/lists/partial"));
    Files.setLastModifiedTime(lists, FileTime.from(Instant.now().plusSeconds(60)));
    for (var suite : suites) {
      Files.writeString(lists.resolveSibling("a.example_dists_%s_InRelease".formatted(suite)), "");
    }
  }

  @Test
  void whatAptHasSomethingOfOrIsNoneOfKubernetesIsNobodysToTouch() throws IOException {
    sources(
        "sources.list",
        """
        deb https://pkgs.example/core:/stable:/v1.36/deb/ /
        deb https://vendor.example/apt cloud-sdk main
        deb https://mirror.example/apt/ kubernetes-xenial main
        deb cdrom:[Debian]/ bookworm main
        """);
    updated("bookworm", "kubernetes-xenial");
    assertThat(check()).isEqualTo(new Check.InSync());
    Files.delete(root.resolve("var/lib/apt/lists/a.example_dists_kubernetes-xenial_InRelease"));
    assertThat(check()).as("the control").isInstanceOf(Check.Drift.class);
  }

  @Test
  void whereAptHasFetchedNothingSinceNothingIsKnown() throws IOException {
    sources("sources.list", "deb https://old.example/ kubernetes-xenial main\n");
    updated();
    assertThat(check()).as("no lists").isEqualTo(new Check.InSync());
    updated("bookworm");
    assertThat(check()).isInstanceOf(Check.Drift.class);
    Files.setLastModifiedTime(
        root.resolve("etc/apt/sources.list"), FileTime.from(Instant.now().plusSeconds(120)));
    assertThat(check()).as("written since").isEqualTo(new Check.InSync());
  }
}

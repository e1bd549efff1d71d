package io.provision.steps.kubeadm.runtime;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.model.Secret;
import io.provision.model.Version;
import io.provision.render.TomlContent;
import io.provision.resource.FileMode;
import io.provision.resource.ManagedFile;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.steps.kubeadm.KubeadmCases;
import io.provision.steps.kubernetes.Cases;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The words of k3s' registries.yaml, as the published containerd reads them. */
class RegistryHostsTest {
  private static final Map<String, Object> GIVEN =
      Map.of(
          "mirrors",
          Map.of(
              "docker.io",
              Map.of("endpoint", List.of("https://m.home:5000", "http://n.home/v2/hub")),
              "*",
              Map.of("endpoint", List.of("https://m.home:5000"))),
          "configs",
          Map.of(
              "m.home:5000",
              Map.of(
                  "auth",
                  Map.of("username", "me", "password", Secret.of("hunter2")),
                  "tls",
                  Map.of("ca_file", "/etc/ssl/m.pem"))));

  private static String text(RegistryHosts hosts, String path) {
    return hosts.files().stream()
        .filter(file -> file.path().equals(path))
        .map(file -> ((Content.Plain) file.content()).text())
        .findFirst()
        .orElseThrow();
  }

  @Test
  void everyRegistryHasAFileOfItsOwn() {
    var hosts = new RegistryHosts(GIVEN);
    assertThat(hosts.problems()).isEmpty();
    assertThat(hosts.files())
        .extracting(ManagedFile::path)
        .containsExactlyInAnyOrder(
            "/etc/containerd/certs.d/docker.io/hosts.toml",
            "/etc/containerd/certs.d/_default/hosts.toml",
            "/etc/containerd/certs.d/m.home_5000_/hosts.toml");
    assertThat(text(hosts, "/etc/containerd/certs.d/docker.io/hosts.toml"))
        .isEqualTo(
            RegistryHosts.HEADER
                + """

                [host."https://m.home:5000"]
                capabilities = ["pull", "resolve"]
                ca = "/etc/ssl/m.pem"

                [host."http://n.home/v2/hub"]
                capabilities = ["pull", "resolve"]
                override_path = true
                """);
    assertThat(text(hosts, "/etc/containerd/certs.d/m.home_5000_/hosts.toml"))
        .isEqualTo(RegistryHosts.HEADER + "\nca = \"/etc/ssl/m.pem\"\n");
  }

  @Test
  void aLoginIsInNoFileThatOthersReadAndInContainerdsForRootAlone() {
    var hosts = new RegistryHosts(GIVEN);
    assertThat(hosts.files())
        .allSatisfy(file ->
            assertThat(((Content.Plain) file.content()).text()).doesNotContain("hunter2", "me\""));
    var shown = TomlContent.secretText(Map.of("configs", hosts.logins()));
    assertThat(shown).hasToString("****");
    assertThat(new String(shown.reveal(), StandardCharsets.UTF_8))
        .isEqualTo(
            """
            [configs."m.home:5000".auth]
            password = "hunter2"
            username = "me"
            """);
    var inventory =
        KubeadmCases.inventory(
            "registries: { configs: { r.home: { auth: { username: me, password: '${cmd:[echo, hunter2]}' } } } }");
    for (var version : List.of("1.6.20", "2.2.9")) {
      var file =
          new ContainerdConfig(KubeadmCases.on("w1", inventory), Version.parse(version), "pause")
              .file();
      assertThat(file.mode()).as(version).isEqualTo(FileMode.PRIVATE);
      assertThat(file.content()).as(version).isInstanceOf(Content.Sensitive.class);
    }
    var without = KubeadmCases.on("w1", KubeadmCases.inventory(""));
    assertThat(new ContainerdConfig(without, Version.parse("2.2.9"), "pause").file().mode())
        .isEqualTo(FileMode.PUBLIC);
  }

  @Test
  void whatContainerdCannotBeToldIsRefusedByName() {
    var refused =
        Map.of(
            "mirrors: { docker.io: { endpoint: [https://m], rewrite: { a: b } } }",
            "mirrors.docker.io.rewrite",
            "mirrors: { docker.io: { endpoints: [https://m] } }",
            "no key 'endpoints'",
            "mirrors: { docker.io: { endpoint: [m.home] } }",
            "'m.home', which is not a URL",
            "mirrors: { ../../x: { endpoint: [https://m] } }",
            "not the host of a registry",
            "configs: { m.home: { tls: { ca: /x } } }",
            "no key 'ca'",
            "mirror: {}",
            "no key 'mirror'");
    refused.forEach((given, says) -> {
      var inventory = KubeadmCases.inventory("registries: { %s }".formatted(given));
      assertThat(new KubeadmRegistries().refusals(KubeadmCases.on("w1", inventory)))
          .as(given)
          .anySatisfy(it -> assertThat(it.what()).contains(says));
    });
  }

  @Test
  void whatWouldBeLeftOutInSilenceIsRefusedAndALoginInAUrlIsNotShown() {
    var refused =
        Map.of(
            "mirrors: { docker.io: https://m.home }", "names no endpoint",
            "configs: { m.home: { tls: { cert_file: /c } } }", "without the other",
            "configs: { m.home: { tls: { insecure_skip_verify: 'yes' } } }", "not true or false",
            "mirrors: { docker.io: { endpoint: ['https://me:hunter2@m'] } }", "a login in it",
            "mirrors: { docker.io: { endpoint: ['no url'] } }", "is not a URL");
    refused.forEach((given, says) -> {
      var target =
          KubeadmCases.on("w1", KubeadmCases.inventory("registries: { %s }".formatted(given)));
      var step = new KubeadmRegistries();
      assertThat(step.probes(target).questions()).as(given).hasSize(1);
      assertThat(step.refusals(target))
          .as(given)
          .anySatisfy(it -> assertThat(it.what()).contains(says))
          .allSatisfy(it -> assertThat(it.what()).doesNotContain("hunter2"));
    });
  }

  @Test
  void aFileOfOursForARegistryThatNobodyNamesGoes() {
    var target = KubeadmCases.on("w1", KubeadmCases.inventory(""));
    var step = new KubeadmRegistries();
    assertThat(check(step, target, "")).isInstanceOf(Check.Skipped.class);
    assertThat(check(step, target, "docker.io\n../../etc\n"))
        .isInstanceOfSatisfying(
            Check.Drift.class,
            it ->
                assertThat(it.changes())
                    .containsExactly(
                        Change.of(
                            Change.Action.REMOVE, "/etc/containerd/certs.d/docker.io/hosts.toml")));
  }

  @SuppressWarnings("unchecked") // the only question that it asks then
  private static Check check(
      KubeadmRegistries step, io.provision.step.Target.OnHost target, String said) {
    var asked = (io.provision.step.Question<Object>) step.probes(target).questions().getFirst();
    return step.check(
        target,
        new Observations.Builder().put(asked, Cases.read(asked, said)).build(),
        new Cases.Settled());
  }
}

package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.Content;
import io.provision.model.NodeAddress;
import io.provision.model.Version;
import io.provision.resource.ManagedFile;
import io.provision.step.Check;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What servers of k3s are told of Secrets in the datastore and of their log of requests. */
class ApiServerSettingsTest {
  private static final String BOTH =
      "encryption: { provider: secretbox }\naudit: { max_age: 7, max_backups: 3, max_size: 50 }";

  private static Target.OnHost on(String host, String version, String more) {
    var text =
        """
        cluster:
          name: home
          distribution: k3s
          version: %s
        %s
        hosts:
          cp1: { address: 10.0.0.1, roles: control-plane }
          w1: { address: 10.0.0.2, roles: worker }
        """
            .formatted(version, more.indent(2).stripTrailing());
    var inventory =
        new InventoryLoader(new Surroundings(Map.of(), Path.of("/none")), Catalog.areas())
            .load(Path.of("home.yml"), text.getBytes(StandardCharsets.UTF_8))
            .inventory();
    return new Target.OnHost(
        inventory.hosts().stream()
            .filter(it -> it.name().value().equals(host))
            .findFirst()
            .orElseThrow(),
        inventory);
  }

  private static Target.OnHost on(String host, String more) {
    return on(host, "v1.36.3+k3s1", more);
  }

  private static String config(Target.OnHost target) {
    var facts =
        new ConfigFile.Facts(
            NodeAddress.parse("10.0.0.1"), Optional.empty(), new ConfigFile.Join.Begin());
    return plain(ConfigFile.content(target, facts));
  }

  private static String plain(Content content) {
    return ((Content.Plain) content).text();
  }

  @Test
  void serversAloneSayWhatTheInventoryAsksFor() {
    assertThat(config(on("cp1", BOTH)))
        .contains(
            """
            secrets-encryption: true
            secrets-encryption-provider: secretbox
            kube-apiserver-arg:
              - audit-policy-file=/etc/rancher/k3s/audit-policy.yaml
              - audit-log-path=/var/log/kubernetes/audit/audit.log
              - audit-log-maxage=7
              - audit-log-maxbackup=3
              - audit-log-maxsize=50
            """);
    assertThat(config(on("w1", BOTH))).doesNotContain("secrets-encryption", "apiserver");
    assertThat(config(on("cp1", ""))).doesNotContain("secrets-encryption", "apiserver");
  }

  @Test
  void argumentsOfTheOperatorStandBesideOurs() {
    var more = "audit: {}\nk3s: { kube-apiserver-arg: [profiling=false] }";
    assertThat(config(on("cp1", more)))
        .contains("  - audit-log-maxage=30\n", "  - audit-log-maxsize=100\n  - profiling=false\n");
    assertThat(ApiServerSettings.refusals(on("cp1", more))).isEmpty();
  }

  /** What k3s reads when it starts, so that another policy restarts it. */
  @Test
  void thePolicyIsAFileOfServersThatNeverHasBodiesUnlessTheInventorySaysSo() {
    assertThat(policy("cp1", "audit: {}"))
        .startsWith("# Written by provision")
        .contains("apiVersion: audit.k8s.io/v1\nkind: Policy\n", "resources: [leases]")
        .endsWith("  - level: Metadata\n")
        .doesNotContain("level: Request");
    assertThat(policy("cp1", "audit: { policy: { kind: Policy, rules: [{ level: Request }] } }"))
        .endsWith("kind: Policy\nrules:\n  - level: Request\n");
    assertThat(ProgramSettings.of(on("w1", "audit: {}")).files()).isEmpty();
    assertThat(ProgramSettings.of(on("cp1", "")).files()).isEmpty();
  }

  private static String policy(String host, String more) {
    return ProgramSettings.of(on(host, more)).files().stream()
        .filter(file -> file.path().equals(ApiServerSettings.POLICY))
        .map(ManagedFile::content)
        .map(ApiServerSettingsTest::plain)
        .findFirst()
        .orElseThrow();
  }

  @ParameterizedTest
  @CsvSource({
    "k3s: { secrets-encryption: true }, k3s.secrets-encryption",
    "'k3s: { kube-apiserver-arg: [--audit-log-maxage=3] }', audit-log-maxage",
    "'k3s: { kube-apiserver-arg+: audit-webhook-config-file=/x }', audit-webhook-config-file",
    "'k3s: { kube-apiserver-arg: [encryption-provider-config=/x] }', encryption-provider-config"
  })
  void whatTheInventorySaysTwiceIsRefusedByName(String own, String name) {
    assertThat(ApiServerSettings.refusals(on("cp1", BOTH + "\n" + own)))
        .singleElement()
        .satisfies(it -> assertThat(it.what()).contains(name));
    assertThat(ApiServerSettings.refusals(on("cp1", own))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "v1.30.11, false",
    "v1.30.12, true",
    "v1.31.7, false",
    "v1.31.8, true",
    "v1.32.3, false",
    "v1.32.4, true",
    "v1.33.0, true",
    "v1.36.3, true",
    "v1.21.2, false"
  })
  void aProviderIsNamedOnlyToAK3sThatKnowsThem(String version, boolean knows) {
    assertThat(ApiServerSettings.knowsProviders(Version.parse(version + "+k3s1"))).isEqualTo(knows);
    var secretbox = on("cp1", version + "+k3s1", "encryption: { provider: secretbox }");
    var aescbc = on("cp1", version + "+k3s1", "encryption: { provider: aescbc }");
    assertThat(ApiServerSettings.refusals(secretbox).isEmpty()).isEqualTo(knows);
    assertThat(ApiServerSettings.refusals(aescbc)).isEmpty();
    assertThat(config(aescbc).contains("-provider: aescbc")).isEqualTo(knows);
  }

  /**
   * In use by k3s, in its configuration, in the inventory; then a part of what is refused, or -.
   */
  @ParameterizedTest
  @CsvSource({
    "'', '', '', -",
    "secretbox, secretbox, secretbox, -",
    "'', secretbox, secretbox, -",
    "'', aescbc, aescbc, -",
    "aescbc, '', '', -",
    "aescbc, '', aescbc, -",
    "secretbox, aescbc, secretbox, -",
    "'', '', secretbox, lives without",
    "aescbc, aescbc, '', no Secret could be read",
    "'', aescbc, '', no Secret could be read",
    "aescbc, aescbc, secretbox, go on with aescbc",
    "identity, aescbc, aescbc, disable"
  })
  void aLivingClusterStaysAsItWasBegun(String inUse, String written, String wanted, String what) {
    var section = wanted.isEmpty() ? "" : "encryption: { provider: %s }".formatted(wanted);
    var own = "k3s: { secrets-encryption: true, secrets-encryption-provider: %s }";
    var found = written.isEmpty() ? "a: b\n" : config(on("cp1", own.formatted(written)));
    for (var more : List.of(section, wanted.isEmpty() ? "" : own.formatted(wanted))) {
      var refusal =
          LivingSecrets.refusal(
              on("cp1", more), Optional.of(inUse).filter(it -> !it.isEmpty()), found);
      if (what.equals("-")) {
        assertThat(refusal).as(more).isEmpty();
      } else {
        assertThat(refusal.orElseThrow())
            .as(more)
            .isInstanceOfSatisfying(
                Check.Refused.class, it -> assertThat(it.toString()).contains(what));
      }
    }
  }
}

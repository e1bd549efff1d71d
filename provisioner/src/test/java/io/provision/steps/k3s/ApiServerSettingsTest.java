package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.Content;
import io.provision.model.NodeAddress;
import io.provision.resource.ManagedFile;
import io.provision.step.Check;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import io.provision.steps.k3s.apiserver.K3sApiServer;
import io.provision.steps.kubernetes.Cases;
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
            kube-apiserver-arg:
              - encryption-provider-config=/etc/rancher/k3s/encryption/config.yaml
              - encryption-provider-config-automatic-reload=true
              - audit-policy-file=/etc/rancher/k3s/audit-policy.yaml
              - audit-log-path=/var/log/kubernetes/audit/audit.log
              - audit-log-maxage=7
              - audit-log-maxbackup=3
              - audit-log-maxsize=50
            """);
    assertThat(config(on("cp1", BOTH))).doesNotContain("secrets-encryption");
    assertThat(config(on("w1", BOTH))).doesNotContain("encryption", "apiserver");
    assertThat(config(on("cp1", ""))).doesNotContain("encryption", "apiserver");
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

  /** One that is upgraded reads the new options while it is a minor version older. */
  @ParameterizedTest
  @CsvSource({"v1.21.2, false", "v1.26.9, false", "v1.27.0, true", "v1.36.3, true"})
  void anOptionIsGivenOnlyToAnApiServerThatKnowsIt(String version, boolean knows) {
    var text = config(on("cp1", version + "+k3s1", "encryption: { provider: secretbox }"));
    assertThat(text).contains("encryption-provider-config=/etc/rancher/k3s/encryption/config.yaml");
    assertThat(text.contains("automatic-reload=true")).isEqualTo(knows);
  }

  /**
   * Of k3s' own keys: in use, in the inventory as options of k3s; then a part of what is refused,
   * or -.
   */
  @ParameterizedTest
  @CsvSource({
    "'', '', -",
    "aescbc, aescbc, -",
    "secretbox, secretbox, -",
    "'', secretbox, write 'encryption: { provider: secretbox }' in its place",
    "aescbc, '', write 'k3s: { secrets-encryption: true }'",
    "secretbox, '', 'write ''k3s: { secrets-encryption: true, secrets-encryption-provider: secretbox }'', and'",
    "aescbc, secretbox, go on with aescbc",
    "identity, '', could read no Secret",
    "identity, aescbc, disable"
  })
  void k3sOwnKeysStayAsTheyAre(String inUse, String wanted, String what) {
    var own = "k3s: { secrets-encryption: true, secrets-encryption-provider: %s }";
    var refusal = refusal(wanted.isEmpty() ? "" : own.formatted(wanted), "own " + inUse);
    if (what.equals("-")) {
      assertThat(refusal).isEmpty();
    } else {
      assertThat(refusal.orElseThrow().toString()).contains(what);
    }
  }

  /** Its API server would read the others, and what is there with its own no more. */
  @Test
  void ourKeysAreNotPutInThePlaceOfThose() {
    for (var provider : List.of("aescbc", "identity")) {
      var section = "encryption: { provider: %s }".formatted(provider);
      assertThat(refusal(section, "own aescbc").orElseThrow().toString())
          .contains("'k3s: { secrets-encryption: true }' in the place of 'encryption'");
    }
    assertThat(refusal("encryption: { provider: aescbc }", "file " + K3sApiServer.KEY_FILE))
        .isEmpty();
  }

  @Test
  void aFileOfKeysThatTheOperatorHasStaysInUse() {
    var own = "k3s: { kube-apiserver-arg: [--encryption-provider-config=/x] }";
    assertThat(refusal(own, "file /x")).isEmpty();
    for (var other : List.of("", "encryption: { provider: aescbc }", own.replace("/x", "/y"))) {
      assertThat(refusal(other, "file /x").orElseThrow().toString())
          .as(other)
          .contains("from /x", "kube-apiserver-arg: [encryption-provider-config=/x]");
    }
  }

  private static Optional<Check> refusal(String more, String seen) {
    return LivingSecrets.refusal(on("cp1", more), Cases.read(LivingSecrets.QUESTION, seen));
  }

  /** What an archive of etcd must hold, so that its Secrets can be read. */
  @Test
  void theInventorySaysWhichKeysAreRead() {
    assertThat(keyFile("encryption: { provider: identity }")).contains(K3sApiServer.KEY_FILE);
    assertThat(keyFile("k3s: { secrets-encryption: true }"))
        .contains("/var/lib/rancher/k3s/server/cred/encryption-config.json");
    assertThat(keyFile("k3s: { secrets-encryption: false }")).isEmpty();
  }

  private static Optional<String> keyFile(String more) {
    return LivingSecrets.keyFile(on("cp1", more).cluster());
  }
}

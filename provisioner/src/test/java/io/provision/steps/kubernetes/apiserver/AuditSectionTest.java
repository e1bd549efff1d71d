package io.provision.steps.kubernetes.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.steps.Catalog;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is said of a log of requests that is allowed, and should not be had unawares. */
class AuditSectionTest {
  private static List<String> warnings(String audit) {
    var text =
        """
        cluster:
          name: home
          distribution: kubeadm
          version: v1.36.2
          audit: %s
        hosts:
          cp1: { address: 10.0.0.1, roles: control-plane }
        """
            .formatted(audit);
    return new InventoryLoader(new Surroundings(Map.of(), Path.of("/none")), Catalog.areas())
        .load(Path.of("home.yml"), text.getBytes(StandardCharsets.UTF_8)).warnings().stream()
            .map(Object::toString)
            .toList();
  }

  private static List<String> ofRules(String rules) {
    return warnings("{ policy: { rules: [%s] } }".formatted(rules));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ level: RequestResponse }",
        "{ level: Request, verbs: [create] }",
        "{ level: Request, resources: [{ group: '', resources: ['*'] }] }",
        "{ level: Request, resources: [{ group: '' }] }",
        "{ level: Metadata, users: [me], resources: [{ resources: [secrets] }] }, { level: Request }",
        "{ level: None, resources: [{ resources: [secrets], resourceNames: [a] }] }, { level: Request }",
        "{ level: Metadata, resources: [{ resources: [configmaps] }] }, { level: Request }"
      })
  void aPolicyThatWritesDownWhatIsInSecretsIsWarnedOf(String rules) {
    assertThat(ofRules(rules)).singleElement().asString().contains("in plain");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{ level: Metadata }",
        "{ level: Metadata, resources: [{ resources: [secrets] }] }, { level: RequestResponse }",
        "{ level: None }, { level: RequestResponse }",
        "{ level: Request, nonResourceURLs: [/metrics] }",
        "{ level: Request, resources: [{ group: apps }, { group: '', resources: [pods] }] }"
      })
  void aPolicyThatDoesNotIsNot(String rules) {
    assertThat(ofRules(rules)).isEmpty();
  }

  @Test
  void aLogThatCouldFillTheDiskIsWarnedOf() {
    assertThat(warnings("{ max_backups: 199, max_size: 100 }")).isEmpty();
    assertThat(warnings("{ max_backups: 200, max_size: 100 }"))
        .singleElement()
        .asString()
        .contains("20100 MB");
  }

  /** A key without a value is as if it were not there: here that would be no log at all. */
  @Test
  void aKeyThatStandsThereWithoutAnythingIsWarnedOf() {
    assertThat(warnings("")).singleElement().asString().contains("'audit'").contains("{}");
  }
}

package io.provision.lab;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A plan that one process saves and another applies. */
@Tag("hosts")
class SavedPlanTest {
  private static final String SECRET = "Zq8-canary-of-a-plan";
  private static final String PLAYBOOK =
      """
      - name: files
        hosts: all
        steps:
          - directory: { path: /srv/planned }
          - file: { path: /etc/one, content: one }
          - file: { path: /etc/secret, secret: "${env:SECRET}" }
      """;

  private static Lab lab;

  @BeforeAll
  static void start() {
    lab = Lab.of(2);
  }

  @AfterAll
  static void stop() {
    lab.close();
  }

  @BeforeEach
  void fresh() {
    lab.write("playbook.yml", PLAYBOOK);
    lab.inventory("playbook.yml", Map.of());
    lab.nodes().forEach(node -> node.sh("rm -rf /etc/one /etc/secret /srv/planned"));
  }

  @Test
  void applyDoesExactlyWhatThePlanSaysAlsoWhenInventoryAndPlaybookAreOthersByThen() {
    var plan = plan();
    lab.write("playbook.yml", PLAYBOOK.replace("one", "two"));
    lab.inventory("gone.yml", Map.of("n1", "port: 1"));

    var apply = program().json("apply", "saved.plan").exits(0);
    assertThat(apply.verdicts()).isEqualTo(plan.verdicts());
    for (var node : lab.nodes()) {
      assertThat(node.sh("cat /etc/one; stat -c ' %a' /etc/secret")).isEqualTo("one 600\n");
    }
    program().json("apply", "saved.plan").exits(5);
  }

  @Test
  void aHostThatHasMovedSinceIsNamedAndNobodyIsChanged() {
    plan();
    lab.node(1).sh("echo mine >/etc/one");
    var moved = Witness.of(lab.node(1));
    var other = Witness.of(lab.node(2));

    var apply = program().json("apply", "saved.plan").exits(5);
    assertThat(apply.summary().required("stopped").path("what").asText()).contains("n1");
    moved.stillHolds();
    other.stillHolds();
    assertThat(apply.summary().path("changed").asInt(-1)).isZero();
  }

  @Test
  void thePlanIsTheOwnersAloneAndHoldsNoSecret() throws IOException {
    plan();
    var file = lab.file("saved.plan");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(new Canary(SECRET).in(Files.readAllBytes(file))).isEmpty();
    assertThat(Checkout.text(file)).as("by reference").contains("${env:SECRET}");
  }

  private Provision program() {
    return lab.provision().with("SECRET", SECRET);
  }

  private Result plan() {
    return program().json("plan", "inventory.yml", "--out=saved.plan").exits(0);
  }
}

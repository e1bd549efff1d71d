package io.provision.steps.kubeadm.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.steps.kubeadm.KubeadmCases;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.apiserver.Audit;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The log of requests is there from the beginning, and a living control plane keeps its own. */
class KubeadmAuditTest {
  private static final String SECTION = "audit: { max_age: 7 }";
  private static final String LIVES = "member=yes\nmade=yes\n";

  private static Audit audit(String section) {
    return Audit.of(KubeadmCases.inventory(section).cluster().orElseThrow()).orElseThrow();
  }

  private static String with(String section) {
    return LIVES
        + audit(section).options(KubeadmAudit.POLICY).entrySet().stream()
            .map(it -> "option %s=%s\n".formatted(it.getKey(), it.getValue()))
            .collect(Collectors.joining());
  }

  private static FileState policy(String section) {
    var content = (Content.Plain) audit(section).policyFile("/x").content();
    return ApiServerCases.file(0600, content.sha256(), Optional.of(content));
  }

  private static Check check(String section, String look, FileState policy, int logs) {
    var seen =
        new Observations.Builder()
            .put(ApiServerLook.QUESTION, Cases.read(ApiServerLook.QUESTION, look))
            .put(Files.text(KubeadmAudit.POLICY), policy)
            .put(Files.at(KubeadmAudit.FOLDER.path()), ApiServerCases.directory(0755))
            .put(Files.at(Audit.LOGS.path()), ApiServerCases.directory(logs))
            .build();
    return new KubeadmAudit().check(ApiServerCases.on("cp1", section), seen, new Cases.Settled());
  }

  @Test
  void itIsThereBeforeTheControlPlaneBeginsAndThenNothingIsToDo() {
    assertThat(check(SECTION, "", FileState.ABSENT, 0700)).isInstanceOf(Check.Drift.class);
    assertThat(check(SECTION, with(SECTION), policy(SECTION), 0700))
        .isInstanceOf(Check.InSync.class);
    assertThat(check(SECTION, with(SECTION), policy(SECTION), 0755))
        .isInstanceOf(Check.Drift.class);
    assertThat(check(SECTION, with(SECTION), FileState.ABSENT, 0700))
        .as("a policy that somebody took away")
        .isInstanceOf(Check.Drift.class);
    assertThat(check("", LIVES, FileState.ABSENT, 0700)).isInstanceOf(Check.InSync.class);
  }

  /** What it lives with, and what the inventory says; then what is refused. */
  @ParameterizedTest
  @CsvSource({
    "'', audit: {}, writes no log",
    "audit: {}, '', has no 'audit'",
    "'audit: { max_age: 7 }', audit: {}, 'max_age'",
    "'audit: { max_backups: 7 }', audit: {}, 'max_backups'",
    "'audit: { max_size: 7 }', audit: {}, 'max_size'",
    "'audit: { policy: { rules: [{ level: Metadata }] } }', audit: {}, another policy"
  })
  void aLivingControlPlaneKeepsItsOwn(String is, String wanted, String what) {
    var look = is.isEmpty() ? LIVES : with(is);
    var policy = is.isEmpty() ? FileState.ABSENT : policy(is);
    assertThat(check(wanted, look, policy, 0700))
        .isInstanceOfSatisfying(Check.Refused.class, it -> assertThat(it.what()).contains(what));
  }
}

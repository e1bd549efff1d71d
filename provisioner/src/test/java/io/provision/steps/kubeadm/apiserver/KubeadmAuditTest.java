package io.provision.steps.kubeadm.apiserver;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.resource.FileState;
import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.steps.kubeadm.KubeadmCases;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.apiserver.Audit;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The log of requests is there before an API server is started with it. */
class KubeadmAuditTest {
  private static final String SECTION = "audit: { max_age: 7 }";
  private static final String OWN = "audit: { policy: { rules: [{ level: Metadata }] } }";

  private static ManagedFile policy(String section) {
    var audit = Audit.of(KubeadmCases.inventory(section).cluster().orElseThrow());
    return KubeadmAudit.policy(audit.orElseThrow());
  }

  private static FileState state(ManagedFile file) {
    var content = (Content.Plain) file.content();
    return ApiServerCases.file(0600, content.sha256(), Optional.of(content));
  }

  private static Check check(String section, FileState policy, int logs) {
    var seen =
        new Observations.Builder()
            .put(Files.at(KubeadmAudit.FOLDER.path()), ApiServerCases.directory(0755))
            .put(Files.at(Audit.LOGS.path()), ApiServerCases.directory(logs));
    if (!section.isEmpty()) {
      seen = seen.put(Files.text(policy(section).path()), policy);
    }
    return new KubeadmAudit()
        .check(ApiServerCases.on("cp1", section), seen.build(), new Cases.Settled());
  }

  @Test
  void itIsThereBeforeTheControlPlaneBeginsAndThenNothingIsToDo() {
    assertThat(check(SECTION, FileState.ABSENT, 0700)).isInstanceOf(Check.Drift.class);
    assertThat(check(SECTION, state(policy(SECTION)), 0700)).isInstanceOf(Check.InSync.class);
    assertThat(check(SECTION, state(policy(SECTION)), 0755)).isInstanceOf(Check.Drift.class);
    assertThat(check(SECTION, state(policy(OWN)), 0700))
        .as("what somebody wrote into it")
        .isInstanceOf(Check.Drift.class);
    assertThat(check("", FileState.ABSENT, 0700)).isInstanceOf(Check.InSync.class);
  }

  /** It is read when an API server starts: so it would be another one behind the same name. */
  @Test
  void anotherPolicyIsAnotherFile() {
    assertThat(policy(OWN).path()).isNotEqualTo(policy(SECTION).path());
    assertThat(policy(SECTION).path()).isEqualTo(policy("audit: {}").path());
  }
}

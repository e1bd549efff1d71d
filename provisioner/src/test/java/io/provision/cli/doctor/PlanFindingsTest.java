package io.provision.cli.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.step.ExpiryView;
import io.provision.step.doctor.Diagnosis;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** How a doctor tells what a plan and its views say. */
final class PlanFindingsTest {
  private static final Path FILE = Path.of("home.yml");

  @Test
  void whatHasEndedIsAnErrorAndWhatEndsSoonAWarning() {
    var soon = PlanFindings.ending(new ExpiryView.Ending("n1", "a.crt ends", false), FILE);
    var over = PlanFindings.ending(new ExpiryView.Ending("n1", "a.crt ended", true), FILE);
    assertThat(soon.of()).isEqualTo("n1");
    assertThat(soon.found())
        .singleElement()
        .satisfies(it -> {
          assertThat(it.severity()).isEqualTo(Diagnosis.Severity.WARNING);
          assertThat(it.evidence()).isEqualTo("a.crt ends");
          assertThat(it.remedy()).contains("'provision certs home.yml'");
        });
    assertThat(over.found())
        .extracting(Diagnosis::severity)
        .containsExactly(Diagnosis.Severity.ERROR);
  }
}

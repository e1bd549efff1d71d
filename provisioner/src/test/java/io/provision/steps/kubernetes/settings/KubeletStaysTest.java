package io.provision.steps.kubernetes.settings;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.resource.FileMode;
import io.provision.resource.FileState;
import io.provision.resource.ManagedFile;
import io.provision.step.Check;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What pods of a kubelet were made by is told from its record, else from what it reads. */
class KubeletStaysTest {
  private static ManagedFile wanted(String text) {
    return ManagedFile.of("/x", Content.of(text.replace(';', '\n')));
  }

  private static FileState file(String text) {
    if (text == null) {
      return FileState.ABSENT;
    }
    var content = (Content.Plain) Content.of(text.replace(';', '\n'));
    return new FileState(
        FileState.Type.FILE,
        false,
        FileMode.PUBLIC,
        new FileState.Owner("root", "root", "0", "0"),
        10,
        Optional.of(content.sha256()),
        Optional.of(content));
  }

  /** What is wanted, its record, what it reads. */
  @ParameterizedTest
  @CsvSource({
    "'cgroupDriver: cgroupfs;', 'cgroupDriver: systemd;',",
    "'cgroupDriver: cgroupfs;', , 'kind: x;cgroupDriver: systemd;'",
    "'cpuManagerPolicy: static;', , 'cgroupDriver: systemd;'",
    "'cgroupDriver: systemd;', 'cgroupDriver: systemd;cpuManagerPolicy: static;',",
    "'cgroupDriver: systemd;staticPodPath: /x;', , 'cgroupDriver: systemd;staticPodPath: /y;'"
  })
  void anotherOneIsRefused(String wanted, String record, String reads) {
    assertThat(KubeletStays.refusal(wanted(wanted), file(record), file(reads)))
        .get()
        .isInstanceOf(Check.Refused.class);
  }

  @ParameterizedTest
  @CsvSource({
    "'cgroupDriver: systemd;maxPods: 80;', 'cgroupDriver: systemd;',",
    "'cgroupDriver: systemd;', , 'cgroupDriver: systemd;staticPodPath: /etc/kubernetes/manifests;'",
    "'cgroupDriver: systemd;', ,"
  })
  void allElseMayBecomeAnother(String wanted, String record, String reads) {
    assertThat(KubeletStays.refusal(wanted(wanted), file(record), file(reads))).isEmpty();
  }

  @Test
  void fromWhatToWhatIsSaid() {
    assertThat(KubeletStays.refusal(wanted("a: 1"), file("cpuManagerPolicy: static"), file(null)))
        .get()
        .isInstanceOfSatisfying(
            Check.Refused.class,
            it -> assertThat(it.what()).contains("'cpuManagerPolicy'", "(unset, was static)"));
  }
}

package io.provision.steps.kubeadm;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.model.Sha256;
import io.provision.resource.FileState;
import io.provision.resource.LocalHost;
import io.provision.resource.ManagedFile;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Question;
import io.provision.step.Repair;
import io.provision.steps.kubeadm.adoption.ForeignNode;
import io.provision.steps.kubernetes.Cases;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The kubelet of a node that somebody else made. */
final class TakenOverTest {
  private static final String RUNS =
      "there=yes\nunit=/usr/lib/systemd/system/kubelet.service\nruns=yes\nprogram=%s\n"
          .formatted(Cases.DIGEST.hex());

  @TempDir Path directory;

  private Check.Drift check(String foreign) throws IOException {
    return check(foreign, List.of());
  }

  /**
   * @param made files that are there already, as these changes have made them
   */
  private Check.Drift check(String foreign, List<Change> made) throws IOException {
    Files.createDirectories(directory.resolve("run/systemd/system"));
    var target = KubeadmCases.on("w1", KubeadmCases.inventory(""));
    var kubelet = new Kubelet();
    var host = new LocalHost(directory).below(directory);
    host.program("systemctl", "exit 1");
    var more = new Observations.Builder();
    made.forEach(change -> there(more, change));
    var seen =
        host.look(kubelet.probes(target))
            .updated(
                more.put(KubeadmLooks.BASICS, Cases.read(KubeadmLooks.BASICS, KubeadmCases.JOINED))
                    .put(ForeignNode.QUESTION, Cases.read(ForeignNode.QUESTION, foreign))
                    .build());
    var pinned = new PinnedFiles(Map.of("kubernetes/v1.36.2/amd64/kubelet", Cases.DIGEST));
    var known = new Cases.Settled().atDesk(Kubeadm.PINNED, pinned);
    return (Check.Drift) kubelet.check(target, seen, known);
  }

  @SuppressWarnings("unchecked")
  private static void there(Observations.Builder seen, Change change) {
    var text = ((Change.Detail.Text) change.detail()).to();
    var file = ManagedFile.of(change.subject(), Content.of(text));
    var content = (Content.Plain) file.content();
    var state =
        new FileState(
            FileState.Type.FILE,
            false,
            file.mode(),
            new FileState.Owner("root", "root", "0", "0"),
            content.bytes().length,
            Optional.of(content.sha256()),
            Optional.of(content));
    file.probes().questions().forEach(it -> seen.put((Question<FileState>) it, state));
  }

  private static List<String> functions(Check.Drift drift) {
    return ((Repair.OnHost) drift.repair())
        .scripts().stream().map(it -> it.call().function().name()).toList();
  }

  @Test
  void itGoesOnAndWhatItRunsWithIsWrittenDownBeforeItsUnit() throws IOException {
    var drift = check(RUNS);
    assertThat(drift.changes()).extracting(Change::action).doesNotContain(Change.Action.RESTART);
    assertThat(drift.changes().getLast().detail().toString()).contains("without a restart");
    assertThat(functions(drift))
        .containsExactly("record_start", "write_file", "write_file", "keep_unit");
    var scripts = ((Repair.OnHost) drift.repair()).scripts();
    assertThat(scripts.getFirst().call().arguments())
        .contains("kubelet.service", Kubeadm.KUBELET, "/var/lib/kubelet/config.yaml");
    assertThat(scripts.get(1).call().arguments())
        .as("by its unit alone it starts as it did, and by the drop-in alone it would not")
        .contains("/etc/systemd/system/kubelet.service");
  }

  @Test
  void anotherProgramOrAFileThatWasWrittenSinceIsAReason() throws IOException {
    for (var foreign :
        List.of(
            RUNS.replace(Cases.DIGEST.hex(), Sha256.of(new byte[] {9}).hex()),
            RUNS.replaceFirst("program=.*\n", ""),
            RUNS + "newer=/var/lib/kubelet/config.yaml\n")) {
      var drift = check(foreign);
      assertThat(drift.changes().getLast().action()).isEqualTo(Change.Action.RESTART);
      assertThat(functions(drift)).containsExactly("write_file", "write_file", "bring_unit");
    }
  }

  @Test
  void oneThatIsDownOrOursIsStartedAsEver() throws IOException {
    for (var foreign : List.of("", "there=yes\n", RUNS.replaceFirst("unit=.*\n", ""))) {
      assertThat(functions(check(foreign)))
          .as(foreign)
          .contains("bring_unit")
          .doesNotContain("record_start");
    }
  }

  /** A run that was killed between the two goes on with the other one. */
  @Test
  void theDropInOfItsPackageIsReplacedToo() throws IOException {
    var own = RUNS.replaceFirst("unit=.*\n", "");
    assertThat(check(own).changes().toString()).contains("kubelet.service.d/10-kubeadm.conf");
    assertThat(check("").changes().toString()).doesNotContain("10-kubeadm.conf");
  }

  /** The files are there, and systemd has not read them yet. */
  @Test
  void oneThatSystemdHasNotReadYetIsReadAndNotStarted() throws IOException {
    var again = check(RUNS, check(RUNS).changes().subList(0, 2));
    assertThat(again.changes())
        .singleElement()
        .satisfies(it -> assertThat(it.detail().toString()).contains("without a restart"));
    assertThat(functions(again)).endsWith("keep_unit");
  }
}

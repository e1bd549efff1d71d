package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Failure;
import io.provision.engine.event.Finding;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.StepRef;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.model.Sha256;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.doctor.Diagnoses;
import io.provision.step.doctor.Diagnosis;
import io.provision.steps.Catalog;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What `doctor` tells, and with which exit code. */
final class DoctorCommandTest {
  private static final HostName W1 = new HostName("w1");

  @TempDir Path directory;
  private final FakeProgram program = new FakeProgram();

  private Session doctor(String... more) throws IOException {
    Files.writeString(
        directory.resolve("home.yml"),
        """
        cluster:
          name: home
          distribution: k3s
          version: v1.36.4+k3s1
          endpoint: 10.0.0.1
        hosts:
          w1: { address: 10.0.0.1, roles: [control-plane] }
          w2: { address: 10.0.0.2, roles: [worker] }
        """);
    return Session.type(
        program,
        directory,
        Stream.concat(
                Stream.of("doctor", directory.resolve("home.yml").toString()), Stream.of(more))
            .toArray(String[]::new));
  }

  @BeforeEach
  void diskIsFast() {
    program.measured.put("time_synced_writes", Map.of(W1, "place=/var/lib\nmillis=5\nwrites=100"));
  }

  private void found(Diagnosis... found) {
    program.besides =
        Observed.of(
            new Output<>("diagnoses of dpkg", Diagnoses.class), new Diagnoses(List.of(found)));
  }

  @Test
  void whatIsWellHasNothing() throws IOException {
    var session = doctor();
    assertThat(session.exit()).as("%s", session).isZero();
    assertThat(session.out()).contains("1 host: 0 errors, 0 warnings, 0 notes");
    assertThat(program.requests).hasSize(1);
    assertThat(program.requests.getFirst().options().regardless()).isTrue();
  }

  /** Only where it answered, and a run that ends before has measured nothing. */
  @Test
  void whatIsMeasuredIsToldAsWell() throws IOException {
    program.measured.put(
        "time_synced_writes", Map.of(W1, "place=/var/lib\nmillis=1500\nwrites=100"));
    var session = doctor();
    assertThat(session.lines())
        .contains(
            "warning  w1 takes 15 ms to write 2300 bytes for good under /var/lib (the mean of 100);"
                + " etcd wants 10 ms at most (disk)");
    assertThat(program.measurements).containsExactly("time_synced_writes [w1]", "closed");
    program.measurements.clear();
    program.interrupted = true;
    assertThat(doctor().exit()).isEqualTo(130);
    assertThat(program.measurements).isEmpty();
  }

  @Test
  void whoIsLeftOutIsNotMeasured() throws IOException {
    assertThat(doctor("--limit", "w2").out()).doesNotContain("measuring");
    assertThat(program.measurements).containsExactly("closed");
  }

  @Test
  void errorsCountAndWarningsOnlyWhereItIsStrict() throws IOException {
    found(Diagnosis.warning("is slow", "buy another"), Diagnosis.note("is old", ""));
    assertThat(doctor().exit()).isZero();
    var strict = doctor("--strict");
    assertThat(strict.exit()).isEqualTo(7);
    assertThat(strict.lines())
        .containsSubsequence(
            "warning  w1 is slow (dpkg)",
            "         -> buy another",
            "note     w1 is old (dpkg)",
            "1 host: 0 errors, 1 warning, 1 note");
    found(Diagnosis.note("is old", ""), Diagnosis.error("is full", "rm"));
    var error = doctor();
    assertThat(error.exit()).isEqualTo(7);
    assertThat(error.lines())
        .containsSubsequence("error    w1 is full (dpkg)", "note     w1 is old (dpkg)");
  }

  @Test
  void whatAPlanRefusesIsToldButWhatAnExaminationTells() throws IOException {
    program.findings = List.of(refused("swap-off", "no"), refused("node-preflight", "twice"));
    var session = doctor();
    assertThat(session.exit()).isEqualTo(7);
    assertThat(session.out()).contains("w1 no (swap-off)").doesNotContain("twice");
  }

  @Test
  void programsReadItAsWell() throws IOException {
    found(Diagnosis.error("is <full>", "rm"), Diagnosis.warning("is slow", "wait"));
    var junit = directory.resolve("doctor.xml");
    var json = doctor("--output=json", "--junit", junit.toString());
    assertThat(json.out())
        .contains(
            "\"event\":\"diagnosis\"",
            "\"target\":\"w1\",\"examination\":\"dpkg\",\"severity\":\"error\",\"evidence\":\"is <full>\",\"remedy\":\"rm\"",
            "\"exit\":7");
    assertThat(Files.readString(junit))
        .contains("<testsuite name=\"w1\"", "failures=\"1\"", "name=\"dpkg\"")
        .contains("<failure message=\"is &lt;full&gt;\">rm</failure>", "is slow")
        .doesNotContain("no run was started");
  }

  @Test
  void anExaminationIsCalledByOneNameAlone() {
    var titles =
        Catalog.doctor().examinations().stream().map(examination -> examination.title()).toList();
    assertThat(titles).doesNotHaveDuplicates().contains("clock", "swap", "dpkg");
    assertThat(Catalog.entries())
        .as("a step that it tells in more words")
        .containsKey("node-preflight");
    assertThat(titles).contains("node-preflight");
  }

  private static Finding refused(String step, String what) {
    return new Finding(
        FakeProgram.W1,
        new StepRef(step, 1, new Position("k3s.yml", 1, 1)),
        new Outcome.Failed(new Failure(what, "mend it")),
        Set.of(),
        Sha256.of(new byte[0]));
  }
}

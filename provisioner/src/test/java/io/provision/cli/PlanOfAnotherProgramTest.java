package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.cli.run.ExitCode;
import io.provision.cli.run.ProgramVersion;
import io.provision.load.PlanFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A saved plan is applied by the program that made it, and by no other. */
class PlanOfAnotherProgramTest {
  @TempDir private Path state;
  private final FakeProgram program = new FakeProgram();

  @Test
  void aPlanOfThisProgramIsApplied() {
    var plan = plan();
    assertThat(type("apply", plan.toString()).exit()).isZero();
    assertThat(program.requests).hasSize(2);
  }

  @Test
  void aPlanOfAnotherVersionIsRefusedBeforeAnythingIsConnectedTo() throws IOException {
    var own = "\"version\" : \"%s\"".formatted(ProgramVersion.text());
    for (var other : List.of("0.0.1", ProgramVersion.text() + ".1", "")) {
      refused(
          own,
          "\"version\" : \"%s\"".formatted(other),
          "this plan was made by version %s, and this is %s"
              .formatted(other, ProgramVersion.text()));
    }
  }

  @Test
  void aPlanInAnotherFormatIsRefusedAlthoughItsVersionIsTheSame() throws IOException {
    var own = "\"format\" : " + PlanFile.FORMAT;
    for (var other : List.of(PlanFile.FORMAT - 1, PlanFile.FORMAT + 1)) {
      refused(
          own,
          "\"format\" : " + other,
          "this plan has format %d, and this build of %s takes format %d"
              .formatted(other, ProgramVersion.text(), PlanFile.FORMAT));
    }
  }

  private void refused(String own, String other, String said) throws IOException {
    var plan = plan();
    var text = Files.readString(plan);
    assertThat(text).contains(own);
    Files.writeString(plan, text.replace(own, other));
    var planned = program.requests.size();
    var session = type("apply", plan.toString());
    assertThat(session.exit()).as(other).isEqualTo(ExitCode.PLAN_MOVED.code());
    assertThat(session.err()).contains(said + ". make a new plan");
    assertThat(program.requests).as("nothing was run").hasSize(planned);
  }

  private Path plan() {
    var plan = state.resolve("x.plan");
    assertThat(type("plan", "a.yml", "--out", plan.toString()).exit()).isZero();
    return plan;
  }

  private Session type(String... words) {
    return Session.type(program, state, words);
  }
}

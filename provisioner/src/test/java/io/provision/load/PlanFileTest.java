package io.provision.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.Failure;
import io.provision.engine.Finding;
import io.provision.engine.Outcome;
import io.provision.engine.SavedPlan;
import io.provision.engine.StepRef;
import io.provision.engine.TargetName;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.model.Sha256;
import io.provision.step.Change;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanFileTest {
  private static final List<Outcome> OUTCOMES =
      List.of(
          new Outcome.Ok(),
          new Outcome.Skipped("why"),
          new Outcome.Leaving(
              List.of(
                  new Outcome.Left(
                      List.of("host/n4"),
                      List.of(Change.of(Change.Action.REMOVE, "gluster peer n4")),
                      "heal pending",
                      "a removal is under way"))),
          new Outcome.Pending("something", Set.of(Change.Action.JOIN)),
          new Outcome.Failed(new Failure("what", "remedy", "command", 3, List.of("line"))),
          new Outcome.Unreachable(new Failure("what", "remedy")),
          new Outcome.Lost(new Failure("what", "remedy")),
          new Outcome.Changed(List.of(Change.of(Change.Action.CREATE, "subject"))),
          new Outcome.WouldChange(
              Stream.of(
                      new Change.Detail.Plain(),
                      new Change.Detail.Value("", "ü"),
                      new Change.Detail.Text("a\n", "b\n"),
                      new Change.Detail.Hidden("a secret"))
                  .map(detail -> new Change(Change.Action.UPDATE, "subject", detail))
                  .toList()));

  @TempDir private Path directory;

  @Test
  void whatIsReadIsWhatWasWrittenWhateverItHolds() throws IOException {
    var file = directory.resolve("saved.plan");
    var saved =
        new PlanFile(
            PlanFile.FORMAT,
            "1",
            "/inventory.yml",
            "hosts:\n",
            Optional.of(new PlanFile.Text("/playbook.yml", "- name: x\n")),
            List.of("n1"),
            List.of(),
            List.of("file"),
            List.of("host/n9"),
            new SavedPlan("key", OUTCOMES.stream().map(PlanFileTest::finding).toList()));
    saved.write(file);
    assertThat(PlanFile.is(file)).isTrue();
    assertThat(PlanFile.read(file)).isEqualTo(saved);
  }

  @Test
  void everyKindOfOutcomeIsTriedHere() {
    assertThat(OUTCOMES.stream().<Object>map(Outcome::getClass))
        .containsExactlyInAnyOrder((Object[]) Outcome.class.getPermittedSubclasses());
  }

  private static Finding finding(Outcome outcome) {
    return new Finding(
        outcome instanceof Outcome.Ok ? TargetName.DESK : TargetName.of(new HostName("n1")),
        new StepRef("file", 1, new Position("playbook.yml", 2, 3)),
        outcome,
        Set.of(Change.Action.UPDATE),
        Sha256.of(new byte[] {1}));
  }
}

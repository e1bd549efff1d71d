package io.provision.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.desk.DeskQuestion;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.model.Position;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** A saved plan is compared in another process, in which sets have another order. */
class OneOrderTest {
  private static final Output<String> UP = new Output<>("up", String.class);
  private static final Output<String> ADDRESS = new Output<>("address", String.class);

  /** Needs in the order they are given in. */
  private record Needing(List<Need> inOrder) implements Step<Target.OnHost> {
    @Override
    public Probes probes(Target.OnHost target) {
      return Probes.NONE;
    }

    @Override
    public Set<Need> needs(Target.OnHost target) {
      return new LinkedHashSet<>(inOrder);
    }

    @Override
    public Check check(Target.OnHost target, Observations seen, Known known) {
      return new Check.InSync();
    }
  }

  @Test
  void aTaskWaitsForItsNeedsInOneOrder() {
    var hosts = List.of(TestInventory.host("a"), TestInventory.host("b"));
    var needs =
        List.of(
            Need.some(UP, hosts),
            Need.some(ADDRESS, hosts),
            Need.any(UP, hosts),
            Need.some(UP, hosts.subList(1, 2)));

    assertThat(task(needs).needs()).hasSize(needs.size()).isEqualTo(task(needs.reversed()).needs());
  }

  private static Task task(List<Need> needs) {
    var host = TestInventory.host("a");
    var ref = new StepRef("needing", 0, new Position("site.yml", 1, 1));
    return Task.of(
        TargetName.of(host.name()),
        new Target.OnHost(host, TestInventory.of(List.of(host))),
        new Item<>(ref, new Needing(needs)),
        0,
        TestRuns.OPTIONS);
  }

  @Test
  void aTranscriptWritesTheSetsOfAQuestionInOneOrder() {
    var ids =
        IntStream.range(100, 140)
            .mapToObj(number -> "artifact-" + number)
            .collect(Collectors.toCollection(TreeSet::new));
    var question = new DeskQuestion.Pins(Path.of("/nowhere/lock"), ids);
    var seen = new Observations.Builder().put(question, Map.of()).build();

    assertThat(seen.transcript(Probes.of(question))).contains(ids.toString());
  }
}

package io.provision.cli.rotation.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunVerb;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.model.Role;
import io.provision.model.rotation.Fact;
import io.provision.step.Change;
import io.provision.steps.kubernetes.Cases;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** What became of hosts in a rotation, as its events tell it; a minute passes with each. */
final class RotationStoryTest {
  private static final TargetName NODE = TargetName.of(new HostName("w1"));
  private static final TargetName SERVER = TargetName.of(new HostName("cp1"));
  private static final TargetName BESIDE = TargetName.of(new HostName("b1"));
  private static final Outcome CHANGED =
      new Outcome.Changed(List.of(Change.of(Change.Action.RESTART, "host")));

  private Instant now = Instant.parse("2026-01-02T02:00:00Z");
  private final RotationStory story =
      new RotationStory(
          Cases.inventory(
              Cases.server(1),
              Cases.agent(1),
              Cases.host("b1", 51, Set.of(Role.STORAGE), Map.of())),
          () -> now);

  private RotationStoryTest() {
    on(
        new RunEvent.Started(
            "r",
            RunVerb.APPLY,
            List.of(BESIDE, NODE, SERVER, TargetName.CLUSTER),
            3,
            now,
            Map.of()));
  }

  private void on(RunEvent event) {
    story.on(event);
    now = now.plus(Duration.ofMinutes(1));
  }

  private void learn(TargetName target, Fact... facts) {
    for (var fact : facts) {
      on(new RunEvent.Learnt(target, fact));
    }
  }

  private void end(TargetName target, Outcome outcome) {
    var ref = new StepRef("node-reboot", 0, new Position("p.yml", 1, 1));
    on(new RunEvent.StepFinished(target, ref, outcome, Duration.ofSeconds(1)));
  }

  private static Outcome failed(String what) {
    return new Outcome.Failed(new Failure(what, "look"));
  }

  private HostStory story(TargetName target) {
    return story.hosts().stream()
        .filter(it -> it.host().equals(target.toString()))
        .findFirst()
        .orElseThrow();
  }

  private List<String> line(TargetName target) {
    return HostLines.table(List.of(story(target))).rows().getFirst();
  }

  @Test
  void hostsComeInTheOrderOfTheInventoryAndNoOtherTargetDoes() {
    assertThat(story.hosts().stream().map(HostStory::host)).containsExactly("cp1", "w1", "b1");
  }

  @Test
  void aNodeThatWasRebooted() {
    learn(NODE, new Fact.Wanted(List.of("kernel 6.2 is installed, 6.1 runs")));
    learn(NODE, new Fact.Kernel("6.1"), new Fact.Pods(12), new Fact.OutOfUse());
    learn(NODE, new Fact.Rebooting(), new Fact.Rebooted(), new Fact.InUse(), new Fact.Pods(4));
    learn(NODE, new Fact.Wanted(List.of()), new Fact.Kernel("6.2"));
    end(NODE, CHANGED);
    assertThat(line(NODE))
        .containsExactly(
            "w1",
            "rebooted",
            "kernel 6.2 is installed, 6.1 runs",
            "3m 00s",
            "6.1 -> 6.2",
            "12 -> 4",
            "-");
    assertThat(story(NODE).isWanting()).isFalse();
  }

  @Test
  void aStorageHostThatHealed() {
    learn(BESIDE, new Fact.Wanted(List.of("libc6")), new Fact.Kernel("6.1"));
    learn(BESIDE, new Fact.Unhealed(5), new Fact.Unhealed(0), new Fact.Rebooting());
    learn(BESIDE, new Fact.Rebooted(), new Fact.Unhealed(37), new Fact.Unhealed(2));
    learn(BESIDE, new Fact.Unhealed(0), new Fact.Kernel("6.1"));
    end(BESIDE, CHANGED);
    assertThat(line(BESIDE))
        .containsExactly(
            "b1", "rebooted", "libc6", "6m 00s", "6.1 -> 6.1", "-", "5 -> 37, none after 3m 00s");
  }

  @Test
  void whatNobodyToldIsSaidNotToBeKnown() {
    learn(NODE, new Fact.OutOfUse(), new Fact.Rebooting(), new Fact.Rebooted());
    learn(BESIDE, new Fact.Kernel("6.1"), new Fact.Rebooting(), new Fact.Rebooted());
    end(BESIDE, failed("its bricks did not heal"));
    assertThat(line(SERVER))
        .containsExactly("cp1", "not known", "not known", "not known", "not known", "-", "-");
    assertThat(line(NODE))
        .containsSubsequence("not known -> not known", "not known -> not known", "-");
    assertThat(line(BESIDE))
        .containsExactly(
            "b1",
            "failed: its bricks did not heal; still out of use",
            "not known",
            "since 2026-01-02T02:05:00Z",
            "6.1 -> not known",
            "-",
            "not known -> not known");
  }

  @Test
  void aNodeThatWouldNotBeEmptiedWasGivenBack() {
    learn(NODE, new Fact.Wanted(List.of("libc6")), new Fact.Kernel("6.1"), new Fact.Pods(3));
    learn(NODE, new Fact.OutOfUse(), new Fact.InUse());
    end(NODE, failed("a budget"));
    assertThat(line(NODE))
        .containsExactly(
            "w1",
            "failed: a budget; it was given back",
            "libc6",
            "1m 00s",
            "6.1 -> not known",
            "3 -> not known",
            "-");
    assertThat(story(NODE).isWanting()).isTrue();
  }

  @Test
  void aHostThatIsNoNodeAndFailedSaysWhetherItWasGivenBack() {
    learn(BESIDE, new Fact.Wanted(List.of("libc6")), new Fact.Kernel("6.1"), new Fact.OutOfUse());
    end(BESIDE, failed("GlusterFS is not healthy"));
    assertThat(line(BESIDE))
        .containsSubsequence("failed: GlusterFS is not healthy; still out of use")
        .contains("since 2026-01-02T02:03:00Z");
    learn(BESIDE, new Fact.InUse());
    assertThat(line(BESIDE))
        .containsSubsequence("failed: GlusterFS is not healthy; it was given back")
        .contains("2m 00s");
  }

  @Test
  void whatAnEarlierRunHadLeftIsGivenBack() {
    learn(NODE, new Fact.Wanted(List.of()), new Fact.Kernel("6.2"), new Fact.InUse());
    learn(NODE, new Fact.Pods(4));
    end(NODE, CHANGED);
    assertThat(line(NODE))
        .containsExactly("w1", "given back", "-", "not known", "6.2", "not known -> 4", "-");
    end(BESIDE, CHANGED);
    learn(BESIDE, new Fact.Wanted(List.of()), new Fact.Kernel("6.2"));
    end(BESIDE, new Outcome.Ok());
    assertThat(line(BESIDE)).startsWith("b1", "given back", "-", "not known", "6.2");
  }

  @Test
  void whatWasNotBegunSaysWhy() {
    learn(NODE, new Fact.Wanted(List.of("libc6")), new Fact.Kernel("6.1"));
    end(NODE, failed("GlusterFS is not healthy"));
    assertThat(line(NODE))
        .containsExactly(
            "w1", "not begun: GlusterFS is not healthy", "libc6", "-", "6.1", "-", "-");
    learn(SERVER, new Fact.Wanted(List.of("libc6")), new Fact.Kernel("6.1"));
    end(SERVER, new Outcome.Skipped("no window is open"));
    assertThat(line(SERVER)).startsWith("cp1", "waiting: no window is open", "libc6", "-");
    end(BESIDE, failed("another run has cp1 away"));
    end(BESIDE, new Outcome.Skipped("'hosts-present' failed"));
    assertThat(line(BESIDE)).startsWith("b1", "not begun: another run has cp1 away");
  }

  @Test
  void whatWantsNoneWaitsForNothingAndWhatRunsTheCommandIsLeftOut() {
    learn(NODE, new Fact.Wanted(List.of()), new Fact.Kernel("6.1"));
    end(NODE, new Outcome.Ok());
    assertThat(line(NODE)).containsExactly("w1", "wants no reboot", "-", "-", "6.1", "-", "-");
    learn(SERVER, new Fact.Wanted(List.of("libc6")), new Fact.RunsThis());
    end(SERVER, new Outcome.Ok());
    assertThat(line(SERVER)).startsWith("cp1", "left out", "libc6", "-", "not known");
    learn(BESIDE, new Fact.Wanted(List.of()));
    end(BESIDE, new Outcome.Skipped("the run was interrupted"));
    assertThat(line(BESIDE)).startsWith("b1", "wants no reboot: the run was interrupted");
  }

  @Test
  void whatWasInterruptedOrLostOnItsWayHasFailedAndIsOutOfUse() {
    learn(NODE, new Fact.Wanted(List.of("libc6")), new Fact.OutOfUse());
    end(NODE, new Outcome.Skipped("the run was interrupted"));
    assertThat(line(NODE).get(1)).isEqualTo("failed: the run was interrupted; still out of use");
    learn(SERVER, new Fact.Wanted(List.of("libc6")), new Fact.OutOfUse(), new Fact.Rebooting());
    on(new RunEvent.TargetFailed(SERVER, new Outcome.Lost(new Failure("no answer", "look"))));
    assertThat(story(SERVER).state()).isEqualTo(HostStory.State.FAILED);
    var away = new Outcome.Unreachable(new Failure("no route", "look"));
    on(new RunEvent.TargetFailed(BESIDE, away));
    assertThat(line(BESIDE)).startsWith("b1", "unreachable: no route");
  }

  @Test
  void whereTheRunStoppedBeforeAnythingThatIsWhy() {
    var stop = new Report.Stop.Locked("cp1 is locked by max", "wait");
    on(
        new RunEvent.Finished(
            new Report(
                "r", RunVerb.APPLY, new TreeMap<>(), Duration.ZERO, Optional.of(stop), false)));
    assertThat(line(NODE)).startsWith("w1", "not begun: cp1 is locked by max");
  }
}

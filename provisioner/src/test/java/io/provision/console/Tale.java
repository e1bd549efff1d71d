package io.provision.console;

import io.provision.console.text.Story;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunVerb;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.model.rotation.Fact;
import io.provision.step.Change;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.IntStream;

/** A run that is told event by event, as an engine would. */
public final class Tale {
  static final Instant NOON = Instant.parse("2026-01-02T12:00:00Z");
  public static final Failure APT_LOCKED =
      new Failure(
          "'apt-get install containerd' exited 100 (E: Unable to lock /var/lib/dpkg)",
          "wait for the other apt",
          "apt-get install containerd",
          100,
          List.of("E: Could not get lock", "E: Unable to lock"));

  private final List<RunEvent> events = new ArrayList<>();
  private final TreeMap<TargetName, Report.Tally> tallies = new TreeMap<>();
  private final RunVerb verb;

  public Tale(RunVerb verb, List<TargetName> targets) {
    this.verb = verb;
    events.add(new RunEvent.Started("r1", verb, targets, 3, NOON, each(targets)));
    targets.forEach(target -> tallies.put(target, Report.Tally.NONE));
  }

  static TargetName host(String name) {
    return TargetName.of(new HostName(name));
  }

  /** w1, w2, and so on. */
  public static List<TargetName> hosts(int count) {
    return IntStream.rangeClosed(1, count).mapToObj(n -> host("w" + n)).toList();
  }

  public static StepRef step(String name, int index) {
    return new StepRef(name, index, new Position("play.yml", 10 + index, 5));
  }

  Tale started(TargetName target, String step, String doing) {
    events.add(new RunEvent.StepStarted(target, step(step, 1), doing));
    return this;
  }

  public Tale finished(TargetName target, StepRef step, Outcome outcome) {
    events.add(new RunEvent.StepFinished(target, step, outcome, Duration.ofMillis(1500)));
    tallies.merge(target, Report.Tally.NONE.plus(outcome), Report.Tally::plus);
    return this;
  }

  public Tale gaveUp(TargetName target, Outcome outcome) {
    events.add(new RunEvent.TargetFailed(target, outcome));
    tallies.merge(target, Report.Tally.NONE.plus(outcome), Report.Tally::plus);
    return this;
  }

  Tale event(RunEvent event) {
    events.add(event);
    return this;
  }

  public Report report() {
    return new Report("r1", verb, tallies, Duration.ofSeconds(65), Optional.empty(), false);
  }

  List<RunEvent> events() {
    var all = new ArrayList<>(events);
    all.add(new RunEvent.Finished(report()));
    return all;
  }

  public Story story() {
    var story = new Story();
    events().forEach(event -> story.on(event, NOON));
    return story;
  }

  public static Outcome update(String subject, String from, String to) {
    return new Outcome.WouldChange(
        List.of(new Change(Change.Action.UPDATE, subject, new Change.Detail.Text(from, to))));
  }

  /** One event of each kind, with this text wherever an event has one. */
  static Tale everywhere(String text) {
    var target = host("w1");
    var failure = new Failure(text, text, text.isEmpty() ? "x" : text, 1, List.of(text, "b"));
    var changes =
        List.of(
            new Change(Change.Action.CREATE, text, new Change.Detail.Plain()),
            new Change(Change.Action.UPDATE, text, new Change.Detail.Value(text, text)),
            new Change(Change.Action.UPDATE, text, new Change.Detail.Text("a\n", text)),
            new Change(Change.Action.UPDATE, text, new Change.Detail.Hidden(text)));
    var ref = new StepRef(text, 1, new Position(text, 1, 1));
    return new Tale(RunVerb.PLAN, List.of(target))
        .event(new RunEvent.StepStarted(target, ref, text))
        .event(new RunEvent.Progress(target, ref, text))
        .event(
            new RunEvent.Waiting(
                target, Optional.of(ref), text, text, NOON, Optional.of(NOON.plusSeconds(600))))
        .event(new RunEvent.Note(target, text))
        .event(new RunEvent.Learnt(target, new Fact.Wanted(List.of(text))))
        .event(new RunEvent.Learnt(target, new Fact.Kernel(text)))
        .event(new RunEvent.Learnt(target, new Fact.RunsThis()))
        .event(new RunEvent.Learnt(target, new Fact.OutOfUse()))
        .event(new RunEvent.Learnt(target, new Fact.InUse()))
        .event(new RunEvent.Learnt(target, new Fact.Rebooting()))
        .event(new RunEvent.Learnt(target, new Fact.Rebooted()))
        .event(new RunEvent.Learnt(target, new Fact.Pods(1)))
        .event(new RunEvent.Learnt(target, new Fact.Unhealed(1)))
        .finished(target, ref, new Outcome.Changed(changes))
        .finished(target, ref, new Outcome.WouldChange(changes))
        .finished(target, ref, new Outcome.Pending(text, java.util.Set.of(Change.Action.RUN)))
        .finished(target, ref, new Outcome.Skipped(text))
        .finished(target, ref, new Outcome.Failed(failure))
        .gaveUp(target, new Outcome.Unreachable(failure));
  }

  /** As if each had three steps. */
  private static java.util.Map<TargetName, Integer> each(List<TargetName> targets) {
    var each = new java.util.HashMap<TargetName, Integer>();
    targets.forEach(target -> each.put(target, 3));
    return each;
  }
}

package io.provision.cli;

import io.provision.console.Problem;
import io.provision.console.Table;
import io.provision.engine.Outcome;
import io.provision.engine.Report;
import io.provision.engine.RunEvent;
import io.provision.engine.StepRef;
import io.provision.engine.TargetName;
import io.provision.model.HostName;
import io.provision.model.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Runs one step on one host, with the outcome it was given, and remembers what was ordered. */
final class FakeProgram implements Program {
  static final TargetName W1 = TargetName.of(new HostName("w1"));
  final List<Order> orders = new ArrayList<>();
  Outcome outcome = new Outcome.Ok();
  Optional<Report.Stop> stop = Optional.empty();
  boolean interrupted;
  List<Problem> problems = List.of();
  Optional<RuntimeException> bug = Optional.empty();

  private Report run(RunEvent.Verb verb, Order order, Conversation conversation) throws Refused {
    orders.add(order);
    if (!problems.isEmpty()) {
      throw new Refused(problems);
    }
    var step = new StepRef("sysctl", 0, new Position("play.yml", 3, 5));
    var tally = Report.Tally.NONE.plus(outcome);
    var report =
        new Report(
            "r1", verb, new TreeMap<>(Map.of(W1, tally)), Duration.ofSeconds(2), stop, interrupted);
    var events = conversation.events();
    events.on(new RunEvent.Started("r1", verb, List.of(W1), 1, Instant.EPOCH, Map.of(W1, 1)));
    bug.ifPresent(thrown -> {
      throw thrown;
    });
    events.on(new RunEvent.StepFinished(W1, step, outcome, Duration.ofMillis(10)));
    events.on(new RunEvent.TargetFinished(W1, tally));
    events.on(new RunEvent.Finished(report));
    return report;
  }

  @Override
  public List<Problem> validate(Order order) {
    orders.add(order);
    return problems;
  }

  @Override
  public Report plan(Order order, Conversation conversation) throws Refused {
    return run(RunEvent.Verb.PLAN, order, conversation);
  }

  @Override
  public Report apply(Order order, Conversation conversation) throws Refused {
    return run(RunEvent.Verb.APPLY, order, conversation);
  }

  @Override
  public Report kubeconfig(Order order, Conversation conversation) throws Refused {
    return run(RunEvent.Verb.APPLY, order, conversation);
  }

  @Override
  public Status status(Order order, Conversation conversation) throws Refused {
    var table = new Table(List.of("host", "state"), List.of(List.of("w1", "ok")));
    return new Status(
        new TreeMap<>(Map.of("hosts", table)), run(RunEvent.Verb.PLAN, order, conversation));
  }

  @Override
  public Gate gluster(Order order, Optional<String> without, Conversation conversation)
      throws Refused {
    var report = run(RunEvent.Verb.PLAN, order, conversation);
    return new Gate(without.isEmpty(), List.of("without " + without.orElse("none")), report);
  }

  @Override
  public List<String> unlock(Order order, Conversation conversation) {
    orders.add(order);
    return List.of("w1: was not locked");
  }

  @Override
  public List<StepHelp> steps() {
    return List.of(
        new StepHelp(
            "kernel-modules",
            "host",
            "Loads modules now and at boot.",
            List.of(
                new StepHelp.Parameter(
                    "modules", "list of text", true, "", "What to load.", "[br_netfilter]")),
            "- kernel-modules: { modules: [br_netfilter] }"));
  }
}

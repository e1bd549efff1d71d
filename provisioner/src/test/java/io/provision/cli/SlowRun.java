package io.provision.cli;

import io.provision.cli.run.Conversation;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.Program;
import io.provision.cli.run.RunRequest;
import io.provision.console.Streams;
import io.provision.desk.HeldSnapshot;
import io.provision.desk.SnapshotCopies;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.RunVerb;
import io.provision.engine.event.SavedPlan;
import io.provision.engine.event.StepRef;
import io.provision.model.Position;
import io.provision.remote.Transport;
import io.provision.ssh.HostKeys;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;

/**
 * A program in a process of its own whose one step ends once it was asked to stop ({@code polite}),
 * or never ({@code stubborn}).
 */
public final class SlowRun implements Program {
  private final boolean polite;

  private SlowRun(boolean polite) {
    this.polite = polite;
  }

  public static void main(String[] args) {
    var program = new SlowRun(args[0].equals("polite"));
    var streams = Streams.standard(Map.of("PROVISION_TTY", ""));
    var cli =
        new Cli(new Invocation(streams, Map.of(), Clock.systemUTC(), () -> program, "test", true));
    System.exit(
        cli.run(FakeProgram.typed(Path.of(args[1]), Arrays.copyOfRange(args, 2, args.length))));
  }

  @Override
  public RunResult apply(RunRequest request, Optional<SavedPlan> saved) {
    var conversation = request.conversation();
    var w1 = FakeProgram.W1;
    var step = new StepRef("packages", 0, new Position("play.yml", 3, 5));
    var events = conversation.events();
    events.on(
        new RunEvent.Started(
            "r1", RunVerb.APPLY, List.of(w1), 1, Instant.EPOCH, java.util.Map.of(w1, 1)));
    events.on(new RunEvent.StepStarted(w1, step, "installing"));
    work(conversation);
    var outcome = new Outcome.Changed(List.of());
    events.on(new RunEvent.StepFinished(w1, step, outcome, Duration.ZERO));
    var tally = Report.Tally.NONE.plus(outcome);
    var report =
        new Report(
            "r1",
            RunVerb.APPLY,
            new TreeMap<>(Map.of(w1, tally)),
            Duration.ZERO,
            Optional.empty(),
            true);
    return new RunResult(report, new SavedPlan("key", List.of()), Map.of());
  }

  private void work(Conversation conversation) {
    try {
      while (!polite || !conversation.interrupt().requested()) {
        var unused = new CountDownLatch(1).await(10, java.util.concurrent.TimeUnit.MILLISECONDS);
        if (unused) {
          throw new IllegalStateException("nobody counts down");
        }
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public Inputs inputs() {
    return new FakeProgram().inputs();
  }

  @Override
  public RunResult plan(RunRequest request) {
    throw new IllegalStateException("not asked for");
  }

  @Override
  public Optional<SnapshotCopies> snapshots(Path folder, String cluster) {
    throw new IllegalStateException("none is taken here");
  }

  @Override
  public io.provision.desk.Prometheus prometheus() {
    throw new AssertionError("nobody asks for metrics");
  }

  @Override
  public io.provision.desk.PowerSwitch power(
      io.provision.model.Inventory inventory, io.provision.model.power.Power power) {
    throw new IllegalStateException("nothing is switched off or on here");
  }

  @Override
  public io.provision.desk.Webhooks webhooks() {
    throw new IllegalStateException("nobody is told anything here");
  }

  @Override
  public io.provision.desk.Timers timers() {
    throw new IllegalStateException("nothing is started by a timer here");
  }

  @Override
  public HeldSnapshot snapshot(Path archive, HeldSnapshot.Expected expected) {
    throw new IllegalStateException("none is restored here");
  }

  @Override
  public Transport transport(HostKeys hostKeys) {
    throw new IllegalStateException("not asked for");
  }
}

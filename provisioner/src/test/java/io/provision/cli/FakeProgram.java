package io.provision.cli;

import io.provision.cli.run.Inputs;
import io.provision.cli.run.OwnPod;
import io.provision.cli.run.Program;
import io.provision.cli.run.RunRequest;
import io.provision.desk.DeskException;
import io.provision.desk.HeldSnapshot;
import io.provision.desk.Outside;
import io.provision.desk.PowerSwitch;
import io.provision.desk.Prometheus;
import io.provision.desk.SnapshotCopies;
import io.provision.desk.Timers;
import io.provision.desk.Webhooks;
import io.provision.engine.event.Finding;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.RunVerb;
import io.provision.engine.event.SavedPlan;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.kube.ClusterApi;
import io.provision.load.bind.Surroundings;
import io.provision.local.HttpWebhooks;
import io.provision.local.LocalOutside;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Position;
import io.provision.model.power.Power;
import io.provision.model.rotation.Fact;
import io.provision.remote.Connection;
import io.provision.remote.Frame;
import io.provision.remote.RemoteException;
import io.provision.remote.Transport;
import io.provision.ssh.HostKeys;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.doctor.Measured;
import io.provision.step.doctor.Measurement;
import io.provision.step.doctor.Measuring;
import io.provision.steps.Catalog;
import io.provision.steps.rotation.CutNoted;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Reads real files; in place of a run it says one step on one host, with the outcome it was given,
 * and remembers what was asked for.
 */
public final class FakeProgram implements Program {
  static final TargetName W1 = TargetName.of(new HostName("w1"));

  /** A cluster with something of everything that a command asks for. */
  private static final String INVENTORY =
      """
      cluster:
        name: home
        distribution: k3s
        version: v1.36.4+k3s1
        endpoint: 192.0.2.1
        network: { node_cidr: 192.0.2.0/24 }
        storage:
          gluster:
            volumes:
              - { name: v, kind: distributed, brick: /data/v, mount: /mnt/v }
        kubeconfig: { merge_into: ~/.kube/config, context: home }
      hosts:
        w1: { address: 192.0.2.1, roles: [control-plane, storage] }
        w2: { address: 192.0.2.2, roles: [worker] }
        w3: { address: 192.0.2.3, roles: [worker] }
      groups: { rack: [w1, w3] }
      """;

  final List<RunRequest> requests = new ArrayList<>();
  String stepName = "sysctl";
  final List<Fact> learnt = new ArrayList<>();
  @Nullable Timers timers;
  @Nullable Prometheus prometheus;
  final Map<Power, PowerSwitch> powers = new HashMap<>();
  Optional<Boolean> cutByUs = Optional.empty();
  Optional<String> cutNoted = Optional.empty();
  Webhooks webhooks = new HttpWebhooks(Map.of());
  Optional<String> distrust = Optional.empty();
  Optional<OwnPod> pod = Optional.empty();
  @Nullable ClusterApi ownCluster;
  String advice = "# nothing is missing\n";
  Outcome outcome = new Outcome.Ok();
  Optional<Report.Stop> stop = Optional.empty();
  boolean interrupted;
  Runnable meanwhile = () -> {};
  Optional<RuntimeException> bug = Optional.empty();

  /** Where {@code a.yml} of a typed line is. */
  static Path inventory(Path directory) {
    return write(directory.resolve("a.yml"), INVENTORY);
  }

  static Path write(Path file, String text) {
    try {
      return Files.exists(file) ? file : Files.writeString(file, text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The line with its files in this directory. */
  static String[] typed(Path directory, String... line) {
    var _ = inventory(directory);
    var words = new ArrayList<String>();
    for (var word : line) {
      words.add(word.matches("[a-z]+\\.yml") ? directory.resolve(word).toString() : word);
    }
    return words.toArray(String[]::new);
  }

  /** What a plan says of steps. */
  List<Finding> findings = List.of();

  /** What is seen of the one host besides. */
  Observed besides = Observed.NOTHING;

  private RunResult run(RunVerb verb, RunRequest request) {
    requests.add(request);
    var step = new StepRef(stepName, 0, new Position("play.yml", 3, 5));
    var tally = Report.Tally.NONE.plus(outcome);
    var report =
        new Report(
            "r1", verb, new TreeMap<>(Map.of(W1, tally)), Duration.ofSeconds(2), stop, interrupted);
    var events = request.conversation().events();
    events.on(new RunEvent.Started("r1", verb, List.of(W1), 1, Instant.EPOCH, Map.of(W1, 1)));
    meanwhile.run();
    bug.ifPresent(thrown -> {
      throw thrown;
    });
    learnt.forEach(fact -> events.on(new RunEvent.Learnt(W1, fact)));
    events.on(new RunEvent.StepFinished(W1, step, outcome, Duration.ofMillis(10)));
    events.on(new RunEvent.TargetFinished(W1, tally));
    events.on(new RunEvent.Finished(report));
    var healthy = Observed.of(new Output<>("gluster-gate", String.class, true), "healthy");
    if (cutNoted.isPresent() && request.options().only().contains(CutNoted.NAME)) {
      var seen = Observed.of(CutNoted.NOTE, cutNoted.get());
      return new RunResult(report, new SavedPlan("key", List.of()), Map.of(W1, seen));
    }
    if (cutByUs.isPresent() && request.options().only().contains("power-cut-by-us")) {
      var seen = Observed.of(Catalog.cutByUs("w2").seen(), cutByUs.get());
      return new RunResult(
          report, new SavedPlan("key", List.of()), Map.of(TargetName.CLUSTER, seen));
    }
    return new RunResult(
        report,
        new SavedPlan("key", findings),
        advice.isEmpty() || !request.options().only().contains("spread-advice")
            ? Map.of(W1, healthy.and(besides))
            : Map.of(W1, healthy, TargetName.CLUSTER, Observed.of(Catalog.adviceText(), advice)));
  }

  @Override
  public Inputs inputs() {
    return new Inputs(
        new Surroundings(Map.of("SUDO_PASSWORD", "x", "K3S_TOKEN", "x"), Path.of("/home/someone")));
  }

  @Override
  public RunResult plan(RunRequest request) {
    return run(RunVerb.PLAN, request);
  }

  @Override
  public RunResult apply(RunRequest request, Optional<SavedPlan> saved) {
    return run(RunVerb.APPLY, request);
  }

  /** What hosts say to what is measured, by the name of the function. */
  final Map<String, Map<HostName, String>> measured = new HashMap<>();

  /** What was measured, each with the hosts. */
  final List<String> measurements = new ArrayList<>();

  @Override
  public Measuring measuring(RunRequest request) {
    return new Measuring() {
      @Override
      public <A> Measured<A> take(Measurement<A> measurement) throws InterruptedException {
        if (request.conversation().interrupt().requested()) {
          throw new InterruptedException("asked for");
        }
        var name = measurement.function().name();
        measurements.add(name + " " + new TreeSet<>(measurement.arguments().keySet()));
        var answers = new HashMap<HostName, A>();
        measured
            .getOrDefault(name, Map.of())
            .forEach(
                (host, said) -> answers.put(host, measurement.reader().apply(new Frame(0, said))));
        return new Measured<>(answers, Map.of());
      }

      @Override
      public <A> Measured<A> put(Measurement<A> measurement) throws InterruptedException {
        return take(measurement);
      }

      @Override
      public void takeAway(Measurement<?> removal) {
        measurements.add(removal.function().name());
      }

      @Override
      public void close() {
        measurements.add("closed");
      }
    };
  }

  @Override
  public Transport transport(HostKeys hostKeys) {
    return new Away();
  }

  @Override
  public Optional<SnapshotCopies> snapshots(Path folder, String cluster) {
    throw new IllegalStateException("no host answers, so that there is nothing to copy");
  }

  @Override
  public Prometheus prometheus() {
    return Objects.requireNonNull(prometheus, "nobody asks for metrics");
  }

  @Override
  public Optional<OwnPod> pod() {
    return pod;
  }

  @Override
  public ClusterApi ownCluster() {
    return Objects.requireNonNull(ownCluster, "nobody asks the API");
  }

  @Override
  public Optional<String> distrust(Inventory inventory) {
    return distrust;
  }

  @Override
  public Outside outside() {
    return new LocalOutside(Map.of("PATH", "/usr/bin:/bin"));
  }

  @Override
  public Timers timers() {
    return Objects.requireNonNull(timers, "no timers are expected");
  }

  @Override
  public PowerSwitch power(Inventory inventory, Power power) {
    return Objects.requireNonNull(powers.get(power), "no power is expected");
  }

  @Override
  public Webhooks webhooks() {
    return webhooks;
  }

  @Override
  public HeldSnapshot snapshot(Path archive, HeldSnapshot.Expected expected) throws DeskException {
    throw new DeskException(archive + ": it is not there", "look at its path", null);
  }

  /** No host answers. */
  private record Away() implements Transport {
    @Override
    public Connection connect(Host host) throws RemoteException {
      throw new RemoteException.Unreachable("no route", "look at the cable", null);
    }

    @Override
    public void trust(Collection<RemoteException.HostKeyUnknown> keys) {
      throw new IllegalStateException("no key was shown");
    }

    @Override
    public List<String> warnings() {
      return List.of();
    }

    @Override
    public void close() {}
  }
}

package io.provision.cli;

import io.provision.cli.option.Owner;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.OwnPod;
import io.provision.cli.run.Program;
import io.provision.cli.run.Refused;
import io.provision.cli.run.RunRequest;
import io.provision.console.Problem;
import io.provision.desk.Desk;
import io.provision.desk.DeskException;
import io.provision.desk.HeldSnapshot;
import io.provision.desk.Outside;
import io.provision.desk.PowerSwitch;
import io.provision.desk.Prometheus;
import io.provision.desk.SnapshotCopies;
import io.provision.desk.Timers;
import io.provision.desk.Webhooks;
import io.provision.engine.Runner;
import io.provision.engine.TaskGraphRefused;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.SavedPlan;
import io.provision.engine.session.HostsMeasured;
import io.provision.jsch.JschTransport;
import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.load.bind.Surroundings;
import io.provision.local.DeskDirectories;
import io.provision.local.DeskSettings;
import io.provision.local.FileJournal;
import io.provision.local.GoneRuns;
import io.provision.local.HttpPrometheus;
import io.provision.local.HttpWebhooks;
import io.provision.local.LocalDesk;
import io.provision.local.LocalOutside;
import io.provision.local.RestoredArchive;
import io.provision.local.SnapshotFolder;
import io.provision.local.SystemdTimers;
import io.provision.local.power.PowerSwitches;
import io.provision.mina.MinaTransport;
import io.provision.model.Inventory;
import io.provision.model.power.Power;
import io.provision.remote.Transport;
import io.provision.ssh.HostKeys;
import io.provision.step.doctor.Measuring;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The one place that knows all parts: makes the object graph by hand. */
public final class Wiring implements Program {
  private final Surroundings surroundings;
  private final DeskDirectories directories;

  private Wiring(Surroundings surroundings) {
    this.surroundings = surroundings;
    this.directories = DeskDirectories.of(surroundings.environment(), surroundings.home());
  }

  static Completion completion() {
    return new Completion(Surroundings.ofThisProcess());
  }

  static Program program() {
    return new Wiring(Surroundings.ofThisProcess());
  }

  @Override
  public Inputs inputs() {
    return new Inputs(surroundings);
  }

  @Override
  public RunResult plan(RunRequest request) throws Refused {
    return run(
        request,
        runner ->
            runner.plan(request.id(), request.inventory(), request.playbook(), request.options()));
  }

  @Override
  public RunResult apply(RunRequest request, Optional<SavedPlan> saved) throws Refused {
    return run(
        request,
        runner ->
            runner.apply(
                request.id(), request.inventory(), request.playbook(), request.options(), saved));
  }

  @Override
  public Measuring measuring(RunRequest request) {
    var options = request.options();
    return new HostsMeasured(
        transport(request.hostKeys()),
        request.inventory().hosts(),
        options.forks(),
        request.conversation().interrupt());
  }

  @Override
  public Transport transport(HostKeys hostKeys) {
    return new Transports(library ->
        switch (library) {
          case MINA -> new MinaTransport(hostKeys);
          case JSCH -> new JschTransport(hostKeys);
        });
  }

  @Override
  public Optional<SnapshotCopies> snapshots(Path folder, String cluster) throws DeskException {
    return SnapshotFolder.open(folder, cluster);
  }

  @Override
  public Prometheus prometheus() {
    return new HttpPrometheus(surroundings.environment());
  }

  @Override
  public Timers timers() {
    return new SystemdTimers(surroundings.environment(), surroundings.home());
  }

  @Override
  public PowerSwitch power(Inventory inventory, Power power) throws DeskException {
    var distrust = surroundings.custody().complaint(inventory.file());
    if (power.namesProgram() && distrust.isPresent()) {
      throw new DeskException(
          "'power' would run a program that somebody else may have named: of %s, %s"
              .formatted(inventory.file(), distrust.get().what()),
          distrust.get().remedy(),
          null);
    }
    return new PowerSwitches(surroundings.environment()).of(power);
  }

  @Override
  public Webhooks webhooks() {
    return new HttpWebhooks(surroundings.environment());
  }

  @Override
  public Optional<String> distrust(Inventory inventory) {
    return surroundings
        .custody()
        .complaint(inventory.file())
        .map(it -> "%s. %s".formatted(it.what(), it.remedy()));
  }

  @Override
  public Outside outside() {
    return new LocalOutside(surroundings.environment());
  }

  @Override
  public HeldSnapshot snapshot(Path archive, HeldSnapshot.Expected expected) throws DeskException {
    return RestoredArchive.read(archive, expected);
  }

  @Override
  public Optional<OwnPod> pod() {
    return OwnPod.of(surroundings.environment());
  }

  @Override
  public ClusterApi ownCluster() throws ClusterException {
    return OwnClusters.around(surroundings.environment());
  }

  private interface Job {
    RunResult with(Runner runner) throws InterruptedException;
  }

  private RunResult run(RunRequest request, Job job) throws Refused {
    var conversation = request.conversation();
    try (var transport = transport(request.hostKeys());
        var journal =
            FileJournal.start(directories.state(), request.id(), surroundings.custody())) {
      var kept =
          new JournalListener(
              journal,
              conversation.interrupt(),
              text -> conversation.warnings().accept(Problem.error("", text)));
      var result = job.with(runner(request, transport, conversation.alsoTelling(kept).events()));
      transport
          .warnings()
          .forEach(text -> conversation.warnings().accept(Problem.warning("", text)));
      if (kept.isBroken()) {
        throw Refused.unjournaled(result.report());
      }
      return result;
    } catch (DeskException e) {
      throw new Refused(
          List.of(Problem.error("", e.what() + ". " + e.remedy())), ExitCode.OUTPUT_LOST);
    } catch (TaskGraphRefused e) {
      throw Refused.of(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Refused(List.of(Problem.error("", "interrupted")), ExitCode.INTERRUPTED);
    }
  }

  private Runner runner(RunRequest request, Transport transport, RunListener events) {
    var operator = request.conversation().operator();
    return new Runner(
        transport,
        desk(request.inventory()),
        OwnClusters.of(pod().isPresent()),
        events,
        request.conversation().interrupt(),
        unknown -> HostKeyQuestion.ask(operator, unknown),
        removals -> request.agreed() || RemovalQuestion.ask(operator, removals));
  }

  private Desk desk(Inventory inventory) {
    var artifacts =
        inventory
            .artifacts()
            .or(() ->
                Optional.ofNullable(surroundings.environment().get("PROVISION_ARTIFACTS"))
                    .filter(text -> !text.isEmpty())
                    .map(Path::of));
    return LocalDesk.of(
        new DeskSettings(
            artifacts,
            inventory.mirror(),
            directories.cache(),
            surroundings.environment(),
            _ -> {}),
        new GoneRuns(directories.state(), Owner.machine())::has);
  }
}

package io.provision.engine.session;

import io.provision.desk.DeskException;
import io.provision.engine.event.Failure;
import io.provision.kube.ClusterAction;
import io.provision.kube.ClusterActions;
import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.rotation.Fact;
import io.provision.model.window.Windows;
import io.provision.remote.RemoteException;
import io.provision.remote.Script;
import io.provision.remote.Session;
import io.provision.step.ClusterAccess;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Repairs a host through its locked session, and what goes with that through the API.
 *
 * @param others asks any host
 * @param telling has any host keep something in mind
 * @param owner of its lock
 * @param learnt told what a summary tells
 * @param clock of the operator's machine
 */
public record HostExecutor(
    HostSession machine,
    Handoffs handoffs,
    Opening apis,
    HostAsking others,
    ToldHosts.Telling telling,
    Interrupt interrupt,
    String owner,
    Consumer<Fact> learnt,
    InstantSource clock)
    implements TargetExecutor {

  private static final String NOTE = "note: ";
  private static final String NEXT_WINDOW =
      "it is given back and not rebooted, and is left for the next window, as those behind it are:"
          + " have windows begin earlier or end later where what is waited for, hooks and the drain"
          + " take so long";

  /** What reaches a cluster's API. */
  @FunctionalInterface
  public interface Opening {
    ClusterApi open(ClusterAccess access)
        throws ClusterException, DeskException, InterruptedException;
  }

  @Override
  public Result repair(Repair repair, Collection<Probes> again, Consumer<String> progress)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    var scripts = new ArrayList<Script>();
    for (var part : repair.leaves()) {
      if (part instanceof Repair.OnHost(var more, _)) {
        scripts.addAll(more);
        continue;
      }
      if (run(scripts, List.of(), progress) instanceof Result.Broke broke) {
        return broke;
      }
      scripts.clear();
      var failure = apart(part, progress);
      if (failure.isPresent()) {
        return new Result.Broke(failure.get());
      }
    }
    return run(scripts, again, progress);
  }

  @Override
  public Bundled bundled(List<Part> parts, Collection<Probes> again)
      throws RemoteException, DeskException, InterruptedException {
    var scripts = new ArrayList<Script>();
    var owners = new ArrayList<Integer>();
    for (var i = 0; i < parts.size(); i++) {
      scripts.addAll(parts.get(i).repair().scripts());
      owners.addAll(Collections.nCopies(parts.get(i).repair().scripts().size(), i));
    }
    var longest =
        parts.stream()
            .map(part -> part.repair().scripts().stream().map(Script::deadline))
            .map(deadlines -> deadlines.reduce(Duration.ZERO, Duration::plus))
            .max(Duration::compareTo)
            .orElse(Duration.ZERO);
    var told = new ToldParts(parts, owners);
    return switch (machine.together(handoffs.load(scripts), longest, again, told)) {
      case HostSession.Exchange.Done(var seen) -> new Bundled.Seen(seen);
      case HostSession.Exchange.RepairFailed(var at, var frame, var answer, var limit) ->
          new Bundled.Broke(owners.get(at), Broken.of(limit, frame, answer));
      case HostSession.Exchange.WaitFailed _ ->
          throw new IllegalStateException("nothing was to be waited for");
    };
  }

  /**
   * Tells each part what is its own.
   *
   * @param owners of each script, the place of its part
   */
  private static final class ToldParts implements Session.Progress {
    private final List<Part> parts;
    private final List<Integer> owners;
    private volatile int running = -1;

    ToldParts(List<Part> parts, List<Integer> owners) {
      this.parts = parts;
      this.owners = owners;
    }

    @Override
    public void begins(int repair) {
      var part = owners.get(repair);
      if (part != running) {
        running = part;
        parts.get(part).begins().run();
      }
    }

    @Override
    public void says(String text) {
      parts.get(Math.max(running, 0)).progress().accept(text);
    }
  }

  /** What does not go over in one exec with what is around it. */
  private Optional<Failure> apart(Repair part, Consumer<String> progress)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    return switch (part) {
      case Repair.OnApi(var access, var actions) -> {
        act(access, actions, progress);
        yield Optional.empty();
      }
      case Repair.Reboot reboot -> reboot(reboot, progress);
      case Repair.PowerCut cut -> powerCut(cut, progress);
      case Repair.AwaitHosts awaited -> await(awaited, progress);
      case Repair.OnOthers told -> {
        new ToldHosts(telling, owner, progress).tell(told);
        yield Optional.empty();
      }
      case Repair.AwaitChecks awaited ->
          new AwaitedChecks(handoffs.outside(), interrupt, interrupt, progress).within(awaited);
      case Repair.RunHooks run -> hooks(run, progress);
      case Repair.Guarded guarded -> guarded(guarded, progress);
      case Repair.InWindow(var windows) -> inWindow(windows);
      case Repair.Tell(var fact) -> {
        learnt.accept(fact);
        yield Optional.empty();
      }
      case Repair.OnHost _, Repair.OnDesk _, Repair.OnCluster _, Repair.InOrder _ ->
          throw new IllegalStateException("a step on a host repairs that host: " + part);
    };
  }

  /** In one exec; none where there is nothing to run and nothing to ask. */
  private Result run(List<Script> scripts, Collection<Probes> again, Consumer<String> progress)
      throws RemoteException, DeskException, InterruptedException {
    if (scripts.isEmpty() && again.isEmpty()) {
      return new Result.Seen(new Observations.Builder().build());
    }
    var loaded = new HostUploads(machine, handoffs, progress).load(scripts);
    return result(machine.exchange(loaded, Optional.empty(), again, progress));
  }

  private Optional<Failure> reboot(Repair.Reboot reboot, Consumer<String> progress)
      throws RemoteException, InterruptedException {
    learnt.accept(new Fact.Rebooting());
    var not = Rebooting.of(machine, owner, interrupt, progress).within(reboot.patience());
    if (not.filter(Rebooting.Not::isUp).isPresent()) {
      instead(reboot.otherwise(), progress);
    }
    if (not.isEmpty()) {
      learnt.accept(new Fact.Rebooted());
    }
    return not.map(Rebooting.Not::why);
  }

  private Optional<Failure> powerCut(Repair.PowerCut cut, Consumer<String> progress)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    if (interrupt.requested()) {
      instead(cut.otherwise(), progress);
      throw new InterruptedException("an end was asked for");
    }
    var sight = sight(cut); // before anything is cut
    var not =
        Rebooting.of(machine, owner, interrupt, progress)
            .through(
                () -> cut.outage().happen(sight, interrupt, progress),
                cut.longest(),
                cut.patience());
    if (not.filter(Rebooting.Not::isUp).isPresent()) {
      instead(cut.otherwise(), progress);
    }
    if (not.filter(Rebooting.Not::isEnd).isPresent()) {
      throw new InterruptedException("an end was asked for");
    }
    return not.map(Rebooting.Not::why);
  }

  private Repair.Sight sight(Repair.PowerCut cut)
      throws DeskException, ClusterException, InterruptedException {
    Optional<ClusterApi.View> api =
        cut.access().isEmpty()
            ? Optional.empty()
            : Optional.of(apis.open(cut.access().get()).view());
    return new Repair.Sight() {
      @Override
      public Optional<ClusterApi.View> api() {
        return api;
      }

      @Override
      public Map<HostName, Observations> ask(Map<Host, Probes> asked) throws InterruptedException {
        return interrupt.idle(() -> {}, () -> others.all(asked)).answers();
      }
    };
  }

  private Optional<Failure> await(Repair.AwaitHosts awaited, Consumer<String> progress)
      throws InterruptedException {
    try {
      var failure = new AwaitedHosts(others, interrupt, progress, learnt).within(awaited);
      if (failure.isPresent()) {
        instead(awaited.otherwise(), progress);
      }
      return failure;
    } catch (InterruptedException e) {
      if (interrupt.requested()) {
        instead(awaited.otherwise(), progress);
      }
      throw e;
    }
  }

  private Optional<Failure> inWindow(Windows windows) {
    var now = clock.instant();
    return windows.isOpen(now)
        ? Optional.empty()
        : Optional.of(
            Failure.unsafe(
                "the window has closed meanwhile: %s".formatted(windows.shut(now)), NEXT_WINDOW));
  }

  private Optional<Failure> hooks(Repair.RunHooks run, Consumer<String> progress)
      throws RemoteException, DeskException, InterruptedException {
    return new RanHooks(handoffs.outside(), interrupt, progress)
        .all(
            run,
            script ->
                run(List.of(script), List.of(), progress) instanceof Result.Broke(var failure)
                    ? Optional.of(failure)
                    : Optional.empty());
  }

  private Optional<Failure> guarded(Repair.Guarded guarded, Consumer<String> progress)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    try {
      var parts = new Repair.InOrder(guarded.parts());
      if (repair(parts, List.of(), progress) instanceof Result.Broke(var failure)) {
        instead(guarded.otherwise(), progress);
        return Optional.of(failure);
      }
      return Optional.empty();
    } catch (RemoteException | DeskException | ClusterException e) {
      instead(guarded.otherwise(), progress);
      throw e;
    } catch (InterruptedException e) {
      if (interrupt.requested()) {
        instead(guarded.otherwise(), progress);
      }
      throw e;
    }
  }

  /** Whatever comes of it, that it did not come is what failed. */
  private void instead(List<Repair> otherwise, Consumer<String> progress)
      throws InterruptedException {
    if (otherwise.isEmpty()) {
      return;
    }
    try {
      var all = new Repair.InOrder(otherwise);
      if (repair(all, List.of(), progress) instanceof Result.Broke(var failure)) {
        progress.accept(NOTE + failure.what());
      }
    } catch (RemoteException e) {
      progress.accept(NOTE + e.what());
    } catch (DeskException e) {
      progress.accept(NOTE + e.what());
    } catch (ClusterException e) {
      progress.accept(NOTE + e.what());
    }
  }

  private void act(ClusterAccess access, List<ClusterAction> actions, Consumer<String> progress)
      throws ClusterException, DeskException, InterruptedException {
    var work = new ClusterActions(apis.open(access).work(), interrupt, progress, learnt);
    for (var action : actions) {
      work.run(action);
    }
  }

  @Override
  public Result await(Awaited awaited, Collection<Probes> again)
      throws RemoteException, InterruptedException {
    var how = awaited.how();
    var pause = new Session.Wait(awaited.deadline(), how.until(), how.evidence());
    var exchange = machine.exchange(List.of(), Optional.of(pause), again, _ -> {});
    return exchange instanceof HostSession.Exchange.WaitFailed(var hopeless, var evidence)
        ? new Result.Broke(WaitFailure.of(awaited.what(), awaited.deadline(), hopeless, evidence))
        : result(exchange);
  }

  @Override
  public Observations look(Collection<Probes> probes) throws RemoteException, InterruptedException {
    return machine.lookLocked(probes);
  }

  @Override
  public void giveUp() {
    machine.abandon();
  }

  private static Result result(HostSession.Exchange exchange) {
    return switch (exchange) {
      case HostSession.Exchange.Done(var seen) -> new Result.Seen(seen);
      case HostSession.Exchange.WaitFailed(_, var evidence) ->
          new Result.Broke(new Failure(evidence, "run again"));
      case HostSession.Exchange.RepairFailed(_, var frame, var answer, var limit) ->
          new Result.Broke(Broken.of(limit, frame, answer));
    };
  }
}

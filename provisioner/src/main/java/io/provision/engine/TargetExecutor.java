package io.provision.engine;

import io.provision.desk.DeskException;
import io.provision.kube.ClusterException;
import io.provision.remote.RemoteException;
import io.provision.remote.Session;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Wait;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** What carries a repair out on one target and looks again. */
interface TargetExecutor {

  /** What came of it: what is there now, or why it failed. */
  sealed interface Result {
    record Seen(Observations seen) implements Result {}

    record Broke(Failure failure) implements Result {}
  }

  /**
   * Something that is waited for on a host.
   *
   * @param what completes "waiting for ..."
   */
  record Awaited(String what, Duration deadline, Wait.OnHost how) {}

  Result repair(Repair repair, Collection<Probes> lookAgain, Consumer<String> progress)
      throws RemoteException, DeskException, ClusterException, InterruptedException;

  /** Waits on the target itself for something it comes to. */
  Result await(Awaited awaited, Collection<Probes> lookAgain)
      throws RemoteException, DeskException, ClusterException, InterruptedException;

  Observations look(Collection<Probes> probes)
      throws RemoteException, DeskException, ClusterException, InterruptedException;

  /** Ends a look or a wait from another thread, where waking its thread is not enough. */
  default void giveUp() {}

  /** On a host: through its locked session. */
  record OnHost(HostSession machine, Handoffs handoffs) implements TargetExecutor {
    @Override
    public Result repair(Repair repair, Collection<Probes> again, Consumer<String> progress)
        throws RemoteException, DeskException, InterruptedException {
      return switch (repair) {
        case Repair.OnHost(var scripts, _) ->
            result(machine.exchange(handoffs.load(scripts), Optional.empty(), again, progress));
        case Repair.OnDesk _, Repair.OnCluster _ ->
            throw new IllegalStateException("a step on a host repairs that host");
      };
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
    public Observations look(Collection<Probes> probes)
        throws RemoteException, InterruptedException {
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
        case HostSession.Exchange.RepairFailed(var script, var frame, var answer) ->
            new Result.Broke(Broken.of(script, frame, answer));
      };
    }
  }

  /** On the operator's machine. */
  record OnDesk(io.provision.desk.Desk desk, Handoffs handoffs) implements TargetExecutor {
    @Override
    public Result repair(Repair repair, Collection<Probes> again, Consumer<String> progress)
        throws DeskException {
      switch (repair) {
        case Repair.OnDesk(var changes) -> {
          for (var change : changes) {
            desk.change(change, handoffs);
          }
        }
        case Repair.OnHost _, Repair.OnCluster _ ->
            throw new IllegalStateException("a step for this machine repairs this machine");
      }
      return new Result.Seen(look(again));
    }

    @Override
    public Result await(Awaited awaited, Collection<Probes> again) {
      throw new IllegalStateException("nothing on this machine is waited for");
    }

    @Override
    public Observations look(Collection<Probes> probes) throws DeskException {
      return DeskLook.at(desk.view(), probes);
    }
  }
}

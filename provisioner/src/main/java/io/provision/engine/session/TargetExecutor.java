package io.provision.engine.session;

import io.provision.desk.DeskException;
import io.provision.engine.event.Failure;
import io.provision.kube.ClusterException;
import io.provision.remote.RemoteException;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Wait;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** What carries a repair out on one target and looks again. */
public interface TargetExecutor {

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

  /**
   * One of several repairs that go over in one exec.
   *
   * @param begins called when its turn comes
   */
  record Part(Repair.OnHost repair, Runnable begins, Consumer<String> progress) {}

  /** What came of several repairs. */
  sealed interface Bundled {
    record Seen(Observations seen) implements Bundled {}

    /**
     * Those before it are done, those behind it were not begun, and nothing was looked at.
     *
     * @param part its place among all
     */
    record Broke(int part, Failure failure) implements Bundled {}
  }

  /**
   * Carries several repairs out in their order, in one exec, and looks again behind all of them.
   */
  default Bundled bundled(List<Part> parts, Collection<Probes> lookAgain)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    throw new IllegalStateException("only on a host repairs go over together");
  }

  /** Waits on the target itself for something it comes to. */
  Result await(Awaited awaited, Collection<Probes> lookAgain)
      throws RemoteException, DeskException, ClusterException, InterruptedException;

  Observations look(Collection<Probes> probes)
      throws RemoteException, DeskException, ClusterException, InterruptedException;

  /** Ends a look or a wait from another thread, where waking its thread is not enough. */
  default void giveUp() {}

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
        case Repair.OnHost _,
            Repair.OnCluster _,
            Repair.OnApi _,
            Repair.Reboot _,
            Repair.PowerCut _,
            Repair.AwaitHosts _,
            Repair.OnOthers _,
            Repair.AwaitChecks _,
            Repair.RunHooks _,
            Repair.Tell _,
            Repair.InWindow _,
            Repair.Guarded _,
            Repair.InOrder _ ->
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

package io.provision.engine.session;

import io.provision.desk.DeskException;
import io.provision.kube.ClusterException;
import io.provision.remote.RemoteException;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/**
 * An executor whose looks and waits end at once when an end is asked for; its repairs are finished.
 */
public record InterruptibleExecutor(TargetExecutor executor, Interrupt interrupt)
    implements TargetExecutor {
  private interface Idle<T> {
    T run() throws RemoteException, DeskException, ClusterException, InterruptedException;
  }

  @Override
  public Result repair(Repair repair, Collection<Probes> lookAgain, Consumer<String> progress)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    return executor.repair(repair, lookAgain, progress);
  }

  @Override
  public Bundled bundled(List<Part> parts, Collection<Probes> lookAgain)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    return executor.bundled(parts, lookAgain);
  }

  @Override
  public Result await(Awaited awaited, Collection<Probes> lookAgain)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    return idle(() -> executor.await(awaited, lookAgain));
  }

  @Override
  public Observations look(Collection<Probes> probes)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    return idle(() -> executor.look(probes));
  }

  @Override
  public void giveUp() {
    executor.giveUp();
  }

  private <T> T idle(Idle<T> work)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    try {
      return interrupt.<T, Exception>idle(executor::giveUp, work::run);
    } catch (RemoteException
        | DeskException
        | ClusterException
        | InterruptedException
        | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("an executor throws nothing else", e);
    }
  }
}

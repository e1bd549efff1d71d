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

/** Knows what its target was asked last, behind all that was done to it. */
public final class LastAsked implements TargetExecutor {
  private final TargetExecutor executor;
  private List<Probes> last = List.of();

  public LastAsked(TargetExecutor executor) {
    this.executor = executor;
  }

  /** Whether that was this, all of it and nothing else. */
  public boolean was(Collection<Probes> probes) {
    return last.equals(List.copyOf(probes));
  }

  @Override
  public Result repair(Repair repair, Collection<Probes> lookAgain, Consumer<String> progress)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    last = List.copyOf(lookAgain);
    return executor.repair(repair, lookAgain, progress);
  }

  @Override
  public Bundled bundled(List<Part> parts, Collection<Probes> lookAgain)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    last = List.copyOf(lookAgain);
    return executor.bundled(parts, lookAgain);
  }

  @Override
  public Result await(Awaited awaited, Collection<Probes> lookAgain)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    last = List.copyOf(lookAgain);
    return executor.await(awaited, lookAgain);
  }

  @Override
  public Observations look(Collection<Probes> probes)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    last = List.copyOf(probes);
    return executor.look(probes);
  }

  @Override
  public void giveUp() {
    executor.giveUp();
  }
}

package io.provision.engine;

import io.provision.desk.DeskException;
import io.provision.kube.ClusterException;
import io.provision.remote.RemoteException;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.util.Collection;
import java.util.function.Consumer;

/** A hand whose looks and waits end at once when an end is asked for; its repairs are finished. */
record PatientHand(Hand hand, Interrupt interrupt) implements Hand {
  private interface Idle<T> {
    T run() throws RemoteException, DeskException, ClusterException, InterruptedException;
  }

  @Override
  public Result repair(Repair repair, Collection<Probes> lookAgain, Consumer<String> progress)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    return hand.repair(repair, lookAgain, progress);
  }

  @Override
  public Result await(Check.NotYet notYet, Collection<Probes> lookAgain)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    return idle(() -> hand.await(notYet, lookAgain));
  }

  @Override
  public Observations look(Collection<Probes> probes)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    return idle(() -> hand.look(probes));
  }

  @Override
  public void giveUp() {
    hand.giveUp();
  }

  private <T> T idle(Idle<T> work)
      throws RemoteException, DeskException, ClusterException, InterruptedException {
    try {
      return interrupt.<T, Exception>idle(hand::giveUp, work::run);
    } catch (RemoteException
        | DeskException
        | ClusterException
        | InterruptedException
        | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IllegalStateException("a hand throws nothing else", e);
    }
  }
}

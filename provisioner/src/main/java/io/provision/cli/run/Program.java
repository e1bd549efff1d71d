package io.provision.cli.run;

import io.provision.cli.Wiring;
import io.provision.desk.DeskException;
import io.provision.desk.HeldSnapshot;
import io.provision.desk.Outside;
import io.provision.desk.PowerSwitch;
import io.provision.desk.Prometheus;
import io.provision.desk.SnapshotCopies;
import io.provision.desk.Timers;
import io.provision.desk.Webhooks;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.SavedPlan;
import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.model.Inventory;
import io.provision.model.power.Power;
import io.provision.remote.Transport;
import io.provision.ssh.HostKeys;
import io.provision.step.doctor.Measuring;
import java.nio.file.Path;
import java.util.Optional;

/**
 * What a command works with besides its own options: its input, the engine's two verbs, and a login
 * to a host. It does not grow with the commands. {@link Wiring} makes it.
 */
public interface Program {

  /** Reads inventories, playbooks and saved plans. */
  Inputs inputs();

  /** Looks at everything and changes nothing. */
  RunResult plan(RunRequest request) throws Refused;

  /**
   * Brings about what is declared.
   *
   * @param saved the plan to be kept to
   */
  RunResult apply(RunRequest request, Optional<SavedPlan> saved) throws Refused;

  /** What measures on the hosts of a request; to be closed. Nothing is logged in to yet. */
  default Measuring measuring(RunRequest request) {
    throw new IllegalStateException("nothing is measured from here");
  }

  /** Logs in to hosts without a run; to be closed. */
  Transport transport(HostKeys hostKeys);

  /**
   * A folder of this machine for snapshots of a cluster, made where there is none; to be closed.
   *
   * @return empty where another run writes there
   */
  Optional<SnapshotCopies> snapshots(Path folder, String cluster) throws DeskException;

  /** What starts programs on this machine while nobody is there. */
  Timers timers();

  /** The pod that this runs in, where a CronJob of ours has started it. */
  default Optional<OwnPod> pod() {
    return Optional.empty();
  }

  /**
   * The API of the cluster that this runs in, asked as its service account; to be closed.
   *
   * @throws ClusterException where it does not answer
   */
  default ClusterApi ownCluster() throws ClusterException {
    throw new IllegalStateException("this runs in no cluster");
  }

  /** What asks a server of metrics. */
  Prometheus prometheus();

  /**
   * What reaches the power of a host; nothing is asked yet.
   *
   * @throws DeskException where a program would be run that somebody else may have named
   */
  PowerSwitch power(Inventory inventory, Power power) throws DeskException;

  /** Who is told something from this machine. */
  Webhooks webhooks();

  /**
   * Why no program is run that an inventory names: somebody else could have written it. Empty where
   * nobody could.
   */
  default Optional<String> distrust(Inventory inventory) {
    return Optional.empty();
  }

  /** What a user wants asked and run from this machine. */
  default Outside outside() {
    throw new IllegalStateException("nothing is asked or run from here");
  }

  /**
   * Looks at a snapshot that this machine has: all of it is read.
   *
   * @throws DeskException where it is not whole, or not what is expected
   */
  HeldSnapshot snapshot(Path archive, HeldSnapshot.Expected expected) throws DeskException;
}

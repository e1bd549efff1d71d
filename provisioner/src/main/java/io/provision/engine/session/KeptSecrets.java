package io.provision.engine.session;

import io.provision.desk.DeskException;
import io.provision.model.HostName;
import io.provision.model.Secret;
import io.provision.remote.Handoff;
import io.provision.remote.RemoteException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What hosts keep and hand over, read once a run: all that a look can have of handoffs. */
public final class KeptSecrets {
  private final Map<HostName, HostSession> machines;
  private final Once<Handoff.Kept, Secret> once = new Once<>();

  /**
   * @param machines those that are connected; they become more
   */
  public KeptSecrets(Map<HostName, HostSession> machines) {
    this.machines = machines;
  }

  public Secret read(Handoff.Kept handoff) throws DeskException {
    return once.of(handoff, () -> fetch(handoff));
  }

  private Secret fetch(Handoff.Kept handoff) throws DeskException {
    var from = handoff.from();
    var what =
        "%s of %s could not be read".formatted(String.join(" ", handoff.read().arguments()), from);
    var machine = machine(from, what);
    try {
      var frame = machine.look(List.of(handoff.read())).getFirst();
      if (!frame.ok()) {
        throw new DeskException(
            "%s (exit %d)".formatted(what, frame.status()),
            "look at %s: what it hands over is not there".formatted(from),
            null);
      }
      return Secret.of(frame.output());
    } catch (RemoteException e) {
      throw new DeskException("%s: %s".formatted(what, e.what()), e.remedy(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new DeskException(what, "run again", e);
    }
  }

  /**
   * @param what cannot be had where it is not connected
   */
  HostSession machine(HostName name, String what) throws DeskException {
    var machine = machines.get(name);
    if (machine == null) {
      throw new DeskException(what, "make %s reachable".formatted(name), null);
    }
    return machine;
  }

  /** A port of this machine that leads to one of that host's own; empty where it has none. */
  Optional<Integer> tunnel(HostName host, int port) {
    var machine = machines.get(host);
    try {
      return machine == null
          ? Optional.empty()
          : Optional.of(machine.shell().connection().forward("127.0.0.1", port));
    } catch (RemoteException _) {
      return Optional.empty();
    }
  }
}

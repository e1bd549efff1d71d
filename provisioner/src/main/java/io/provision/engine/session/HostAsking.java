package io.provision.engine.session;

import io.provision.model.Host;
import io.provision.remote.RemoteException;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.util.Map;

/** What asks a host now, whoever works on it. */
@FunctionalInterface
public interface HostAsking {
  Observations ask(Host host, Probes probes) throws RemoteException, InterruptedException;

  /** All at once, each its own. */
  default Gathered<Observations> all(Map<Host, Probes> asked) throws InterruptedException {
    return Gathered.of(asked.keySet(), host -> ask(host, asked.getOrDefault(host, Probes.NONE)));
  }
}

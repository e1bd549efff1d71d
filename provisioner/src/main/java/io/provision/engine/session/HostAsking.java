package io.provision.engine.session;

import io.provision.model.Host;
import io.provision.remote.RemoteException;
import io.provision.step.Observations;
import io.provision.step.Probes;

/** What asks a host now, whoever works on it. */
@FunctionalInterface
public interface HostAsking {
  Observations ask(Host host, Probes probes) throws RemoteException, InterruptedException;
}

package io.provision.remote;

import io.provision.model.Host;
import java.util.Collection;
import java.util.List;

/** An SSH library. One instance serves all hosts of a run; safe for use by many threads. */
public interface Transport extends AutoCloseable {

  /**
   * Logs in to a host. Retries with back-off while nothing was executed; never after an
   * authentication failure.
   *
   * @throws RemoteException.HostKeyUnknown before authentication, when the key is in no known_hosts
   *     and the inventory does not say accept-new
   */
  Connection connect(Host host) throws RemoteException;

  /**
   * From now on these are the keys of their hosts: for this run, and in their known_hosts where it
   * is one that may write.
   */
  void trust(Collection<RemoteException.HostKeyUnknown> keys) throws java.io.IOException;

  /**
   * What ssh_config and known_hosts say and this does not do, a line each with file and line; of
   * the hosts connected to so far.
   */
  default List<String> warnings() {
    return List.of();
  }

  @Override
  void close();
}

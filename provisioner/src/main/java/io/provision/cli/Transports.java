package io.provision.cli;

import io.provision.model.Host;
import io.provision.model.SshSettings;
import io.provision.remote.Connection;
import io.provision.remote.RemoteException;
import io.provision.remote.Transport;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Each host through the SSH library that its inventory names; one that is not named is not made.
 */
final class Transports implements Transport {
  private final Function<SshSettings.Library, Transport> makes;
  private final Map<SshSettings.Library, Transport> made = new EnumMap<>(SshSettings.Library.class);

  /** Makes them one by one, when the first host that wants it is logged in to. */
  Transports(Function<SshSettings.Library, Transport> makes) {
    this.makes = makes;
  }

  @Override
  public Connection connect(Host host) throws RemoteException {
    return of(host).connect(host);
  }

  @Override
  public void trust(Collection<RemoteException.HostKeyUnknown> keys) throws IOException {
    for (var key : keys) {
      of(key.host()).trust(List.of(key));
    }
  }

  @Override
  public synchronized List<String> warnings() {
    return made.values().stream().flatMap(each -> each.warnings().stream()).distinct().toList();
  }

  private synchronized Transport of(Host host) {
    return made.computeIfAbsent(host.ssh().transport(), makes);
  }

  @Override
  public synchronized void close() {
    made.values().forEach(Transport::close);
  }
}

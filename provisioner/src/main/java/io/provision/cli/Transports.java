package io.provision.cli;

import io.provision.jsch.JschTransport;
import io.provision.mina.MinaTransport;
import io.provision.model.Host;
import io.provision.model.SshSettings;
import io.provision.remote.Connection;
import io.provision.remote.RemoteException;
import io.provision.remote.Transport;
import io.provision.ssh.HostKeys;
import java.io.IOException;
import java.util.Collection;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/**
 * Each host through the SSH library that its inventory names; one that is not named is not made.
 */
final class Transports implements Transport {
  private final HostKeys hostKeys;
  private final Map<SshSettings.Library, Transport> made = new EnumMap<>(SshSettings.Library.class);

  Transports(HostKeys hostKeys) {
    this.hostKeys = hostKeys;
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
    return made.computeIfAbsent(
        host.ssh().transport(),
        library ->
            switch (library) {
              case MINA -> new MinaTransport(hostKeys);
              case JSCH -> new JschTransport(hostKeys);
            });
  }

  @Override
  public synchronized void close() {
    made.values().forEach(Transport::close);
  }
}

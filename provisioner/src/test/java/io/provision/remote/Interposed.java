package io.provision.remote;

import io.provision.model.Host;
import java.io.IOException;
import java.util.Collection;

/** A transport with something between it and whoever uses it. */
public record Interposed(Transport transport, Between between) implements Transport {

  /** What comes between; by itself nothing. */
  public interface Between {
    /** Before a login; where it throws, there is none. */
    default void connecting(String host) throws RemoteException, InterruptedException {}

    /** In the place of an exec. */
    default RemoteProcess exec(String host, String command, Connection connection)
        throws RemoteException {
      return connection.exec(command);
    }
  }

  @Override
  public Connection connect(Host host) throws RemoteException {
    try {
      between.connecting(host.name().value());
    } catch (InterruptedException e) {
      throw new RemoteException.Unreachable("interrupted", "run again", e);
    }
    return new Way(host.name().value(), transport.connect(host), between);
  }

  @Override
  public void trust(Collection<RemoteException.HostKeyUnknown> keys) throws IOException {
    transport.trust(keys);
  }

  /** The transport underneath is somebody else's. */
  @Override
  public void close() {}

  private record Way(String host, Connection connection, Between between) implements Connection {
    @Override
    public RemoteProcess exec(String command) throws RemoteException {
      return between.exec(host, command, connection);
    }

    @Override
    public String user() {
      return connection.user();
    }

    @Override
    public Costs costs() {
      return connection.costs();
    }

    @Override
    public void close() {
      connection.close();
    }
  }
}

package io.provision.remote;

/** One authenticated login. Its processes may run side by side; closing it ends them all. */
public interface Connection extends AutoCloseable {

  /**
   * Starts a command with the user's login shell. Where the server allows no further session at
   * once (MaxSessions), waits until one is free.
   *
   * @param command one line; anything in it is visible to every user of the host
   */
  RemoteProcess exec(String command) throws RemoteException;

  /**
   * Makes a port that the host reaches one of this machine's own, for as long as the connection
   * stands; only this machine can connect to it.
   *
   * @param host as the other side names it
   * @return the port on 127.0.0.1
   */
  default int forward(String host, int port) throws RemoteException {
    throw new RemoteException.CommandFailed(
        "this connection forwards no ports", "connect with another library");
  }

  /** Who is logged in. */
  String user();

  /** What it took to get here, and the bytes so far. */
  Costs costs();

  @Override
  void close();

  /**
   * The price of a connection.
   *
   * @param connect until the TCP connection stood
   * @param keyExchange from there until the host key was verified
   * @param authentication from there until the login was accepted
   */
  record Costs(
      java.time.Duration connect,
      java.time.Duration keyExchange,
      java.time.Duration authentication,
      long bytesSent,
      long bytesReceived) {}
}

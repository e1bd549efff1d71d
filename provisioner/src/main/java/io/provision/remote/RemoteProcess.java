package io.provision.remote;

import java.io.InputStream;
import java.io.OutputStream;

/** A command that runs on a host. Streams block; they end when the command or connection does. */
public interface RemoteProcess extends AutoCloseable {
  /** Closing it is the command's end of file. */
  OutputStream stdin();

  InputStream stdout();

  InputStream stderr();

  /**
   * Waits for the end.
   *
   * @throws RemoteException.Lost when the connection ended first, or no exit status came: whether
   *     the command did its work is then unknown
   */
  Exit waitFor() throws RemoteException, InterruptedException;

  /** Gives the channel up at once. The command may go on on the host. */
  @Override
  void close();

  /** How a command ended. */
  sealed interface Exit {
    /** It returned. */
    record Status(int code) implements Exit {}

    /** A signal ended it, for example {@code TERM}. */
    record Signal(String name) implements Exit {}
  }
}

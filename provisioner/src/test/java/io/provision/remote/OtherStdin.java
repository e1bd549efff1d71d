package io.provision.remote;

import java.io.InputStream;
import java.io.OutputStream;

/** A process with something between it and whoever writes to it. */
public record OtherStdin(RemoteProcess process, OutputStream stdin) implements RemoteProcess {
  @Override
  public InputStream stdout() {
    return process.stdout();
  }

  @Override
  public InputStream stderr() {
    return process.stderr();
  }

  @Override
  public Exit waitFor() throws RemoteException, InterruptedException {
    return process.waitFor();
  }

  @Override
  public void close() {
    process.close();
  }
}

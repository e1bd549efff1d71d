package io.provision.mina;

import io.provision.remote.RemoteException;
import io.provision.remote.RemoteProcess;
import io.provision.ssh.Login;
import java.io.InputStream;
import java.io.OutputStream;

/** A command on a channel of its own. */
final class MinaProcess implements RemoteProcess {
  private final Login login;
  private final ExecChannel channel;
  private final InputStream stdout;
  private final InputStream stderr;

  MinaProcess(Login login, ExecChannel channel) {
    this.login = login;
    this.channel = channel;
    this.stdout = channel.stdout().stream();
    this.stderr = channel.stderr().stream();
  }

  @Override
  public OutputStream stdin() {
    return channel.getInvertedIn();
  }

  @Override
  public InputStream stdout() {
    return stdout;
  }

  @Override
  public InputStream stderr() {
    return stderr;
  }

  @Override
  public Exit waitFor() throws RemoteException, InterruptedException {
    channel.awaitEnd();
    var signal = channel.getExitSignal();
    if (signal != null) {
      return new Exit.Signal(signal);
    }
    var status = channel.getExitStatus();
    if (status != null) {
      return new Exit.Status(status);
    }
    if (channel.refused()) {
      throw new RemoteException.CommandFailed(
          "%s does not run commands for %s".formatted(login.address(), login.user()),
          "check ForceCommand and the user's login shell there");
    }
    throw new RemoteException.Lost(
        "the connection to %s ended before the command did".formatted(login.address()), null);
  }

  @Override
  public void close() {
    var _ = channel.close(true);
  }
}

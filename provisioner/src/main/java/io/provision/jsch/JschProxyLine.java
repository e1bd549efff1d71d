package io.provision.jsch;

import com.jcraft.jsch.Proxy;
import com.jcraft.jsch.SocketFactory;
import io.provision.ssh.Failures;
import io.provision.ssh.Login;
import io.provision.ssh.ProxyCommand;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/** A connection that is the stdin and stdout of a ProxyCommand. */
final class JschProxyLine implements Proxy {
  private final Login login;
  private final CountedSocket line;
  private ProxyCommand.@Nullable Running command;
  private InputStream in = InputStream.nullInputStream();
  private OutputStream out = OutputStream.nullOutputStream();

  JschProxyLine(Login login, CountedSocket line) {
    this.login = login;
    this.line = line;
  }

  @Override
  public void connect(@Nullable SocketFactory none, String host, int port, int timeout)
      throws IOException {
    try {
      var running = login.proxy().orElseThrow().start();
      command = running;
      in = line.counted(running.in());
      out = line.counted(running.out());
      line.connectedBy(running);
    } catch (IOException e) {
      line.proxyFailed(Failures.evidence(e));
      throw e;
    }
  }

  @Override
  public InputStream getInputStream() {
    return in;
  }

  @Override
  public OutputStream getOutputStream() {
    return out;
  }

  @Override
  public @Nullable Socket getSocket() {
    return null;
  }

  @Override
  public void close() {
    if (command != null) {
      command.close();
    }
  }
}

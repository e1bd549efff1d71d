package io.provision.jsch;

import com.jcraft.jsch.ChannelExec;
import com.jcraft.jsch.JSchException;
import io.provision.remote.RemoteException;
import io.provision.remote.RemoteProcess;
import io.provision.ssh.Login;
import io.provision.ssh.Pipe;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * A command on a channel of its own. JSch has one reader for all channels of a connection, so a
 * stream that is never read holds the others up, but only after many megabytes.
 */
final class JschProcess implements RemoteProcess {
  private static final long ROOM = 16 << 20;

  private final Login login;
  private final ChannelExec channel;
  private final Pipe stdout = Pipe.blocking(ROOM);
  private final Pipe stderr = Pipe.blocking(ROOM);
  private final InputStream out = stdout.stream();
  private final InputStream err = stderr.stream();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicBoolean opened = new AtomicBoolean();
  private final AtomicBoolean over = new AtomicBoolean();
  private final Runnable whenEnded;
  private OutputStream in = OutputStream.nullOutputStream();

  private JschProcess(Login login, ChannelExec channel, Runnable whenEnded) {
    this.login = login;
    this.channel = channel;
    this.whenEnded = whenEnded;
  }

  static JschProcess start(Login login, ChannelExec channel, String command, Runnable whenEnded)
      throws JSchException, IOException {
    var process = new JschProcess(login, channel, whenEnded);
    channel.setCommand(command.getBytes(StandardCharsets.UTF_8));
    channel.setOutputStream(new Sink(process.stdout, () -> {}));
    // JSch closes this one when the channel ends, the other already at the end of the output.
    channel.setErrStream(new Sink(process.stderr, process::end));
    channel.connect();
    process.in = new Input(channel);
    process.opened.set(true);
    process.tellEnd();
    return process;
  }

  private void end() {
    stdout.end();
    ended.countDown();
    tellEnd();
  }

  /** Once, and only for a session that was opened. */
  private void tellEnd() {
    if (opened.get() && ended.getCount() == 0 && over.compareAndSet(false, true)) {
      whenEnded.run();
    }
  }

  /** JSch drops what is written to a channel that has ended. */
  private static final class Input extends FilterOutputStream {
    private final ChannelExec channel;

    Input(ChannelExec channel) throws IOException {
      super(channel.getOutputStream());
      this.channel = channel;
    }

    @Override
    public void write(int one) throws IOException {
      check();
      out.write(one);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      check();
      out.write(bytes, from, length);
    }

    @Override
    public void flush() throws IOException {
      check();
      out.flush();
    }

    private void check() throws IOException {
      if (channel.isClosed() || !channel.isConnected()) {
        throw new IOException("the command has ended");
      }
    }

    @Override
    public void close() throws IOException {
      out.close();
    }
  }

  @Override
  public OutputStream stdin() {
    return in;
  }

  @Override
  public InputStream stdout() {
    return out;
  }

  @Override
  public InputStream stderr() {
    return err;
  }

  @Override
  public Exit waitFor() throws RemoteException, InterruptedException {
    ended.await();
    var signal = channel.getExitSignal();
    if (signal != null) {
      return new Exit.Signal(signal);
    }
    if (channel.getExitStatus() >= 0) {
      return new Exit.Status(channel.getExitStatus());
    }
    throw new RemoteException.Lost(
        "the connection to %s ended before the command did".formatted(login.address()), null);
  }

  @Override
  public void close() {
    stdout.end();
    stderr.end();
    channel.disconnect();
  }
}

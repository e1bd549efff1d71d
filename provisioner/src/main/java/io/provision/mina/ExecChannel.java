package io.provision.mina;

import io.provision.ssh.Pipe;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CountDownLatch;
import org.apache.sshd.client.channel.ChannelExec;

/**
 * A channel whose output waits in pipes of its own: the server may send more only as fast as it is
 * read (RFC 4254 §5.2), and MINA's threads never block.
 */
final class ExecChannel extends ChannelExec {
  private static final long AHEAD = 16 << 20;

  private final Pipe stdout = Pipe.windowed(AHEAD, this::taken);
  private final Pipe stderr = Pipe.windowed(AHEAD, this::taken);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile boolean refused;

  ExecChannel(String command) {
    super(command, StandardCharsets.UTF_8, null, java.util.Map.of());
    setOut(OutputStream.nullOutputStream());
    setErr(OutputStream.nullOutputStream());
    addCloseFutureListener(closed -> {
      endPipes();
      ended.countDown();
    });
  }

  Pipe stdout() {
    return stdout;
  }

  Pipe stderr() {
    return stderr;
  }

  /** Whether the server would not start the command, which then did not run. */
  boolean refused() {
    return refused;
  }

  void awaitEnd() throws InterruptedException {
    ended.await();
  }

  private void endPipes() {
    stdout.end();
    stderr.end();
  }

  private void taken(int bytes) {
    try {
      if (isOpen()) {
        getLocalWindow().release(bytes);
      }
    } catch (IOException e) {
      // The connection is going down; whoever waits for the command learns it from there.
      log.debug("window of {} not opened", this, e);
    }
  }

  @Override
  protected void doWriteData(byte[] data, int offset, long length) {
    stdout.write(data, offset, Math.toIntExact(length));
  }

  @Override
  protected void doWriteExtendedData(byte[] data, int offset, long length) {
    stderr.write(data, offset, Math.toIntExact(length));
  }

  @Override
  public void handleEof() throws IOException {
    endPipes();
    super.handleEof();
  }

  @Override
  public void handleFailure() throws IOException {
    refused = true;
    super.handleFailure();
  }
}

package io.provision.jsch;

import io.provision.ssh.Pipe;
import java.io.OutputStream;

/** Where JSch's reader puts what arrives; its close is the end of the stream. */
final class Sink extends OutputStream {
  private final Pipe pipe;
  private final Runnable whenClosed;

  Sink(Pipe pipe, Runnable whenClosed) {
    this.pipe = pipe;
    this.whenClosed = whenClosed;
  }

  @Override
  public void write(int one) {
    pipe.write(new byte[] {(byte) one}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int from, int length) {
    pipe.write(bytes, from, length);
  }

  @Override
  public void close() {
    pipe.end();
    whenClosed.run();
  }
}

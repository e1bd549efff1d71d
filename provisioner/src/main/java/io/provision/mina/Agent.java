package io.provision.mina;

import java.io.EOFException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.apache.sshd.agent.common.AbstractAgentProxy;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/**
 * The running ssh-agent, over the JDK's own Unix domain sockets: MINA's client wants Tomcat's
 * native library.
 *
 * @see <a href="https://datatracker.ietf.org/doc/html/draft-ietf-sshm-ssh-agent">the protocol</a>
 */
final class Agent extends AbstractAgentProxy {
  /** OpenSSH's own limit (AGENT_MAX_LEN). */
  private static final int LONGEST = 256 * 1024;

  private final SocketChannel channel;

  Agent(Path socket) throws IOException {
    super(null);
    channel = SocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      channel.connect(UnixDomainSocketAddress.of(socket));
    } catch (IOException e) {
      channel.close();
      throw e;
    }
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  protected synchronized Buffer request(Buffer buffer) throws IOException {
    var out = ByteBuffer.wrap(buffer.array(), buffer.rpos(), buffer.available());
    while (out.hasRemaining()) {
      channel.write(out);
    }
    int length = read(Integer.BYTES).getInt();
    if (length < 1 || length > LONGEST) {
      throw new IOException("the agent answers with %d bytes".formatted(length));
    }
    return new ByteArrayBuffer(read(length).array());
  }

  private ByteBuffer read(int length) throws IOException {
    var in = ByteBuffer.allocate(length);
    while (in.hasRemaining()) {
      if (channel.read(in) < 0) {
        throw new EOFException("the agent hung up");
      }
    }
    return in.flip();
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}

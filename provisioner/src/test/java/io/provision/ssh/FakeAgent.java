package io.provision.ssh;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.security.PublicKey;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.sshd.agent.common.AbstractAgentClient;
import org.apache.sshd.agent.local.AgentImpl;
import org.apache.sshd.common.session.SessionContext;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;

/** An ssh-agent with a few keys on a Unix domain socket. */
final class FakeAgent implements AutoCloseable {
  final AtomicInteger asked = new AtomicInteger();
  final AtomicInteger signed = new AtomicInteger();
  private final Path directory;
  private final ServerSocketChannel listening;
  private final AgentImpl keys =
      new AgentImpl() {
        @Override
        public Map.Entry<String, byte[]> sign(
            SessionContext session, PublicKey key, String algorithm, byte[] data)
            throws IOException {
          signed.incrementAndGet();
          return super.sign(session, key, algorithm, data);
        }
      };

  FakeAgent() throws IOException {
    // The path of a socket must be short: 107 bytes on Linux.
    directory = Files.createTempDirectory("agent");
    listening = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    var _ = listening.bind(UnixDomainSocketAddress.of(socket()));
    var _ = Thread.ofVirtual().start(this::accept);
  }

  Path socket() {
    return directory.resolve("s");
  }

  FakeAgent holding(KeyPair... pairs) throws IOException {
    for (var pair : pairs) {
      keys.addIdentity(pair, "key " + pair.hashCode());
    }
    return this;
  }

  private void accept() {
    try {
      while (true) {
        var channel = listening.accept();
        asked.incrementAndGet();
        var _ = Thread.ofVirtual().start(() -> serve(channel));
      }
    } catch (IOException e) {
      return;
    }
  }

  private void serve(SocketChannel channel) {
    var speaking = new Speaking(channel);
    var bytes = ByteBuffer.allocate(4096);
    try (channel) {
      while (channel.read(bytes.clear()) >= 0) {
        speaking.messageReceived(new ByteArrayBuffer(bytes.array(), 0, bytes.position()));
      }
    } catch (IOException e) {
      return;
    }
  }

  private final class Speaking extends AbstractAgentClient {
    private final SocketChannel channel;

    Speaking(SocketChannel channel) {
      super(keys);
      this.channel = channel;
    }

    @Override
    protected void reply(Buffer buffer) throws IOException {
      var out = ByteBuffer.wrap(buffer.array(), buffer.rpos(), buffer.available());
      while (out.hasRemaining()) {
        channel.write(out);
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
    Files.deleteIfExists(socket());
    Files.deleteIfExists(directory);
  }
}

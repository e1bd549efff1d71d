package io.provision.mina;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.sshd.client.channel.ChannelDirectTcpip;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.Closeable;
import org.apache.sshd.common.channel.BufferedIoOutputStream;
import org.apache.sshd.common.channel.StreamingChannel;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.closeable.AbstractInnerCloseable;
import org.apache.sshd.common.util.net.SshdSocketAddress;
import org.jspecify.annotations.Nullable;

/** A connection that is a direct-tcpip channel (RFC 4254 §7.2) of a jump host's session. */
final class MinaTunnel extends AbstractInnerCloseable implements OwnLine {
  private final long id = IDS.incrementAndGet();
  private final IoService service;
  private final IoHandler handler;
  private final InetSocketAddress target;
  private final Map<Object, Object> attributes = new ConcurrentHashMap<>();
  private final Through channel;
  private volatile @Nullable BufferedIoOutputStream out;

  MinaTunnel(
      IoService service, IoHandler handler, InetSocketAddress target, AttributeRepository context) {
    this.service = service;
    this.handler = handler;
    this.target = target;
    this.channel = new Through();
    attributes.put(AttributeRepository.class, context);
  }

  ChannelDirectTcpip channel() {
    return channel;
  }

  /** Lets MINA make its session on it, once the channel is open. */
  void start() throws Exception {
    out =
        new BufferedIoOutputStream("tunnel", channel.getChannelId(), channel.getAsyncIn(), channel);
    channel.addCloseFutureListener(closed -> ended());
    handler.sessionCreated(this);
    channel.ready();
  }

  private void ended() {
    try {
      handler.sessionClosed(this);
    } catch (Exception e) {
      log.debug("{} closed", this, e);
    }
    var _ = close(true);
  }

  /** Hands what arrives to the session inside; what comes before there is one waits. */
  private final class Through extends ChannelDirectTcpip {
    private final ByteArrayBuffer early = new ByteArrayBuffer();
    private boolean ready;

    Through() {
      super(
          new SshdSocketAddress("127.0.0.1", 0),
          new SshdSocketAddress(target.getHostString(), target.getPort()));
      setStreaming(StreamingChannel.Streaming.Async);
    }

    synchronized void ready() throws Exception {
      ready = true;
      if (early.available() > 0) {
        deliver(early);
      }
    }

    @Override
    protected synchronized void doWriteData(byte[] data, int offset, long length)
        throws IOException {
      if (!ready) {
        early.putRawBytes(data, offset, Math.toIntExact(length));
        return;
      }
      try {
        deliver(new ByteArrayBuffer(data.clone(), offset, Math.toIntExact(length)));
      } catch (Exception e) {
        try {
          handler.exceptionCaught(MinaTunnel.this, e);
        } catch (Exception again) {
          throw new IOException(again);
        }
      }
    }

    private void deliver(ByteArrayBuffer bytes) throws Exception {
      int length = bytes.available();
      handler.messageReceived(MinaTunnel.this, bytes);
      getLocalWindow().release(length);
    }

    @Override
    public void handleEof() throws IOException {
      super.handleEof();
      var _ = close(false);
    }
  }

  @Override
  public IoWriteFuture writeBuffer(Buffer buffer) throws IOException {
    var to = out;
    if (to == null) {
      throw new IOException("the tunnel is not open");
    }
    // A copy: MINA would take a packet of the session inside for a prepared one of the outer.
    return to.writeBuffer(
        ByteArrayBuffer.getCompactClone(buffer.array(), buffer.rpos(), buffer.available()));
  }

  @Override
  protected Closeable getInnerCloseable() {
    return channel;
  }

  @Override
  public long getId() {
    return id;
  }

  @Override
  public Map<Object, Object> attributes() {
    return attributes;
  }

  @Override
  public IoService getService() {
    return service;
  }

  @Override
  public void shutdownOutputStream() throws IOException {
    var _ = channel.close(false);
  }

  @Override
  public SocketAddress getRemoteAddress() {
    return target;
  }
}

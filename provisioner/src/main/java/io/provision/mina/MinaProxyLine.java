package io.provision.mina;

import io.provision.ssh.ProxyCommand;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.io.AbstractIoWriteFuture;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoService;
import org.apache.sshd.common.io.IoWriteFuture;
import org.apache.sshd.common.util.buffer.Buffer;
import org.apache.sshd.common.util.buffer.ByteArrayBuffer;
import org.apache.sshd.common.util.closeable.AbstractCloseable;

/** A connection that is the stdin and stdout of a ProxyCommand. */
final class MinaProxyLine extends AbstractCloseable implements OwnLine {
  private static final int CHUNK = 32 << 10;

  private final long id = IDS.incrementAndGet();
  private final IoService service;
  private final IoHandler handler;
  private final InetSocketAddress target;
  private final ProxyCommand.Running command;
  private final Map<Object, Object> attributes = new ConcurrentHashMap<>();

  /** Writes one after the other, so that a command that does not read holds none of MINA's. */
  private final ExecutorService writer =
      Executors.newSingleThreadExecutor(Thread.ofVirtual().name("proxy-out").factory());

  MinaProxyLine(
      IoService service,
      IoHandler handler,
      InetSocketAddress target,
      AttributeRepository context,
      ProxyCommand.Running command) {
    this.service = service;
    this.handler = handler;
    this.target = target;
    this.command = command;
    attributes.put(AttributeRepository.class, context);
  }

  void start() throws Exception {
    handler.sessionCreated(this);
    var _ = Thread.ofVirtual().name("proxy-in").start(this::read);
  }

  private void read() {
    try {
      var buffer = new byte[CHUNK];
      var in = command.in();
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        handler.messageReceived(this, new ByteArrayBuffer(Arrays.copyOf(buffer, count)));
      }
    } catch (Exception e) {
      log.debug("{} broke off", this, e);
    }
    try {
      handler.sessionClosed(this);
    } catch (Exception e) {
      log.debug("{} closed", this, e);
    }
    var _ = close(true);
  }

  @Override
  public IoWriteFuture writeBuffer(Buffer buffer) {
    var bytes = buffer.getCompactData();
    var future = new Written();
    try {
      writer.execute(() -> {
        try {
          command.out().write(bytes);
          command.out().flush();
          future.setValue(true);
        } catch (IOException e) {
          future.setValue(e);
        }
      });
    } catch (RejectedExecutionException e) {
      future.setValue(new IOException("the connection is closed", e));
    }
    return future;
  }

  private static final class Written extends AbstractIoWriteFuture {
    Written() {
      super("proxy", null);
    }
  }

  @Override
  protected void doCloseImmediately() {
    writer.shutdownNow();
    command.close();
    super.doCloseImmediately();
  }

  @Override
  public Map<Object, Object> attributes() {
    return attributes;
  }

  @Override
  public long getId() {
    return id;
  }

  @Override
  public IoService getService() {
    return service;
  }

  @Override
  public SocketAddress getRemoteAddress() {
    return target;
  }
}

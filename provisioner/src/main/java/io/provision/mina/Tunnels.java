package io.provision.mina;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import org.apache.sshd.client.session.ClientSession;
import org.apache.sshd.common.AttributeRepository;
import org.apache.sshd.common.future.CloseFuture;
import org.apache.sshd.common.future.SshFutureListener;
import org.apache.sshd.common.io.DefaultIoConnectFuture;
import org.apache.sshd.common.io.IoConnectFuture;
import org.apache.sshd.common.io.IoConnector;
import org.apache.sshd.common.io.IoHandler;
import org.apache.sshd.common.io.IoServiceEventListener;
import org.apache.sshd.common.io.IoSession;
import org.apache.sshd.common.session.ConnectionService;
import org.jspecify.annotations.Nullable;

/**
 * Connects by TCP, or inside the session of a jump host or by the command that the {@link Dial}
 * names. MINA's own ProxyJump logs in to the jump host once for every target and listens on a local
 * port.
 */
final class Tunnels implements IoConnector {
  private final IoConnector direct;
  private final IoHandler handler;

  Tunnels(IoConnector direct, IoHandler handler) {
    this.direct = direct;
    this.handler = handler;
  }

  @Override
  public IoConnectFuture connect(
      SocketAddress target, AttributeRepository context, SocketAddress local) {
    var dial = Dial.of(context);
    if (dial == null || (dial.through().isEmpty() && dial.proxy().isEmpty())) {
      return direct.connect(target, context, local);
    }
    var future = new DefaultIoConnectFuture(target, null);
    var address = (InetSocketAddress) target;
    try {
      if (dial.proxy().isPresent()) {
        var line = new MinaProxyLine(this, handler, address, context, dial.proxy().get());
        line.start();
        future.setSession(line);
      } else {
        open(dial.through().orElseThrow(), address, context, future);
      }
    } catch (Exception e) {
      future.setException(e);
    }
    return future;
  }

  private void open(
      ClientSession bastion,
      InetSocketAddress target,
      AttributeRepository context,
      IoConnectFuture future)
      throws IOException {
    var tunnel = new MinaTunnel(this, handler, target, context);
    var _ = bastion.getService(ConnectionService.class).registerChannel(tunnel.channel());
    tunnel
        .channel()
        .open()
        .addListener(opened -> {
          if (!opened.isOpened()) {
            future.setException(
                opened.getException() == null
                    ? new IOException("not opened")
                    : opened.getException());
            return;
          }
          try {
            tunnel.start();
            future.setSession(tunnel);
          } catch (Exception e) {
            var _ = tunnel.close(true);
            future.setException(e);
          }
        });
  }

  @Override
  public Map<Long, IoSession> getManagedSessions() {
    return direct.getManagedSessions();
  }

  @Override
  public @Nullable IoServiceEventListener getIoServiceEventListener() {
    return direct.getIoServiceEventListener();
  }

  @Override
  public void setIoServiceEventListener(IoServiceEventListener listener) {
    direct.setIoServiceEventListener(listener);
  }

  @Override
  public CloseFuture close(boolean immediately) {
    return direct.close(immediately);
  }

  @Override
  public void addCloseFutureListener(SshFutureListener<CloseFuture> listener) {
    direct.addCloseFutureListener(listener);
  }

  @Override
  public void removeCloseFutureListener(SshFutureListener<CloseFuture> listener) {
    direct.removeCloseFutureListener(listener);
  }

  @Override
  public boolean isClosed() {
    return direct.isClosed();
  }

  @Override
  public boolean isClosing() {
    return direct.isClosing();
  }
}

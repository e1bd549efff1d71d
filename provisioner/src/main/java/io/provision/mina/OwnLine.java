package io.provision.mina;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Map;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.sshd.common.io.IoSession;
import org.jspecify.annotations.Nullable;

/** A connection that is no socket of MINA's: what all of these have in common. */
interface OwnLine extends IoSession {
  /** Apart from the numbers that MINA gives to its own connections. */
  AtomicLong IDS = new AtomicLong(1L << 40);

  Map<Object, Object> attributes();

  @Override
  default @Nullable SocketAddress getAcceptanceAddress() {
    return null;
  }

  @Override
  default @Nullable Object getAttribute(Object key) {
    return attributes().get(key);
  }

  @Override
  default @Nullable Object setAttribute(Object key, Object value) {
    return attributes().put(key, value);
  }

  @Override
  default @Nullable Object setAttributeIfAbsent(Object key, Object value) {
    return attributes().putIfAbsent(key, value);
  }

  @Override
  default @Nullable Object removeAttribute(Object key) {
    return attributes().remove(key);
  }

  @Override
  default void shutdownOutputStream() throws IOException {
    var _ = close(false);
  }

  @Override
  default void suspendRead() {
    // Only for forwarded ports, of which there are none.
  }

  @Override
  default void resumeRead() {
    // See suspendRead.
  }

  @Override
  default SocketAddress getLocalAddress() {
    return new InetSocketAddress("127.0.0.1", 0);
  }
}

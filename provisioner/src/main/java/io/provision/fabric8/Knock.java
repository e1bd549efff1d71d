package io.provision.fabric8;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/** Whether somebody takes connections at a URL; nothing is sent. */
final class Knock {
  static final Duration PATIENCE = Duration.ofSeconds(3);

  private Knock() {}

  /** Why nobody does; empty where somebody does. */
  static Optional<String> at(String server) {
    var address = URI.create(server);
    try (var socket = new Socket()) {
      socket.connect(
          new InetSocketAddress(host(address), address.getPort()), (int) PATIENCE.toMillis());
      return Optional.empty();
    } catch (IOException e) {
      return Optional.of(e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage());
    }
  }

  private static String host(URI address) {
    var host = String.valueOf(address.getHost());
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }
}

package io.provision.lab;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.function.Consumer;

/** A registry that has nothing, and tells what it was asked for. */
record Mirror(HttpServer server) implements AutoCloseable {
  static Mirror at(String address, int port, Consumer<String> asked) {
    try {
      var server = HttpServer.create(new InetSocketAddress(address, port), 0);
      server.createContext(
          "/",
          exchange -> {
            asked.accept(exchange.getRequestURI().getPath());
            exchange.sendResponseHeaders(404, -1);
            exchange.close();
          });
      server.start();
      return new Mirror(server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

package io.provision.local;

import io.provision.desk.DeskException;
import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.http.HttpClient;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The proxy that {@code https_proxy}, {@code http_proxy} and {@code no_proxy} name, in either case
 * of letters, as curl reads them (https://everything.curl.dev/usingcurl/proxies/env.html).
 */
final class ProxyFromEnvironment extends ProxySelector {
  /**
   * Names, by their scheme, the logins that are kept from a proxy that leads to https: {@code
   * Basic} where nothing is said, so that no proxy ever got the password of its URL. It is read
   * once, at the first request of the whole program (java.net.http, module-info).
   */
  private static final String KEPT = "jdk.http.auth.tunneling.disabledSchemes";

  static {
    if (System.getProperty(KEPT) == null) {
      System.setProperty(KEPT, "");
    }
  }

  private final Map<String, String> environment;

  ProxyFromEnvironment(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  @Override
  public List<Proxy> select(URI uri) {
    return proxy(uri)
        .map(it ->
            List.of(
                new Proxy(
                    Proxy.Type.HTTP, InetSocketAddress.createUnresolved(it.getHost(), port(it)))))
        .orElse(List.of(Proxy.NO_PROXY));
  }

  private static int port(URI proxy) {
    return proxy.getPort() < 0 ? 80 : proxy.getPort();
  }

  /**
   * Has requests to a URL like this one go through its proxy, and log in there where the proxy's
   * own URL says how. Else there is no authenticator at all: with one, an answer 401 that does not
   * say which login it wants is none (java.net.http.HttpClient.Builder, authenticator).
   */
  HttpClient.Builder on(HttpClient.Builder client, URI uri) {
    client.proxy(this);
    return logsIn(uri) ? client.authenticator(authenticator()) : client;
  }

  /** Whether the proxy of this URL is given a login. */
  boolean logsIn(URI uri) {
    return proxy(uri).map(URI::getUserInfo).isPresent();
  }

  /** Answers the proxy with the user and password of its own URL, and nobody else. */
  Authenticator authenticator() {
    return new Authenticator() {
      @Override
      protected @org.jspecify.annotations.Nullable PasswordAuthentication
          getPasswordAuthentication() {
        var user =
            Stream.of("https", "http")
                .flatMap(scheme -> proxyOf(scheme).stream())
                .filter(it -> it.getHost().equalsIgnoreCase(getRequestingHost()))
                .filter(it -> port(it) == getRequestingPort())
                .map(URI::getUserInfo)
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        if (getRequestorType() != RequestorType.PROXY || user == null) {
          return null;
        }
        var colon = user.indexOf(':');
        return new PasswordAuthentication(
            colon < 0 ? user : user.substring(0, colon),
            (colon < 0 ? "" : user.substring(colon + 1)).toCharArray());
      }
    };
  }

  /**
   * Refuses to go round a proxy that cannot be read. Its text is not shown: it may hold a password.
   */
  void require(URI uri) throws DeskException {
    var name = uri.getScheme() + "_proxy";
    if (!exempt(uri.getHost())
        && variable(name).isPresent()
        && proxyOf(uri.getScheme()).isEmpty()) {
      throw new DeskException(
          "%s names no proxy of HTTP".formatted(name),
          "Write it as http://HOST:PORT or http://USER:PASSWORD@HOST:PORT, and in a user or"
              + " password every sign but letters and digits as %XX.",
          null);
    }
  }

  /** Completes a message: which proxy a download went through; never its password. */
  String describe(URI uri) {
    return proxy(uri).map(it -> " through the proxy " + it.getHost()).orElse("");
  }

  private Optional<URI> proxy(URI uri) {
    return exempt(uri.getHost()) ? Optional.empty() : proxyOf(uri.getScheme());
  }

  private Optional<URI> proxyOf(String scheme) {
    return variable(scheme + "_proxy").flatMap(ProxyFromEnvironment::read);
  }

  /** Empty where that is no proxy of HTTP; what is wrong with it may stand beside a password. */
  private static Optional<URI> read(String text) {
    try {
      var uri = new URI(text.contains("://") ? text : "http://" + text);
      var http = uri.getScheme().matches("(?i)https?");
      return Optional.of(uri).filter(it -> http && it.getHost() != null);
    } catch (URISyntaxException _) {
      return Optional.empty();
    }
  }

  private boolean exempt(String host) {
    for (var entry : variable("no_proxy").orElse("").split("[, ]+")) {
      var suffix = entry.startsWith(".") ? entry.substring(1) : entry;
      if (entry.equals("*")
          || !suffix.isEmpty() && (host.equals(suffix) || host.endsWith("." + suffix))) {
        return true;
      }
    }
    return false;
  }

  private Optional<String> variable(String name) {
    return Optional.ofNullable(
            environment.getOrDefault(name, environment.get(name.toUpperCase(Locale.ROOT))))
        .filter(value -> !value.isBlank());
  }

  @Override
  public void connectFailed(URI uri, SocketAddress address, IOException fault) {
    // The request itself fails and says so.
  }
}

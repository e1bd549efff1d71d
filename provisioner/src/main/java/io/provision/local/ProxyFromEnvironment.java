package io.provision.local;

import java.io.IOException;
import java.net.Authenticator;
import java.net.InetSocketAddress;
import java.net.PasswordAuthentication;
import java.net.Proxy;
import java.net.ProxySelector;
import java.net.SocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/**
 * The proxy that {@code https_proxy}, {@code http_proxy} and {@code no_proxy} name, in either case
 * of letters, as curl reads them (https://everything.curl.dev/usingcurl/proxies/env.html).
 */
final class ProxyFromEnvironment extends ProxySelector {
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
                    Proxy.Type.HTTP,
                    InetSocketAddress.createUnresolved(
                        it.getHost(), it.getPort() < 0 ? 80 : it.getPort()))))
        .orElse(List.of(Proxy.NO_PROXY));
  }

  /** Answers the proxy with the user and password of its own URL, and nobody else. */
  Authenticator authenticator() {
    return new Authenticator() {
      @Override
      protected @org.jspecify.annotations.Nullable PasswordAuthentication
          getPasswordAuthentication() {
        var user = proxyOf("https").map(URI::getUserInfo).orElse(null);
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

  /** Completes a message: which proxy a download went through; never its password. */
  String describe(URI uri) {
    return proxy(uri).map(it -> " through the proxy " + it.getHost()).orElse("");
  }

  private Optional<URI> proxy(URI uri) {
    return exempt(uri.getHost()) ? Optional.empty() : proxyOf(uri.getScheme());
  }

  private Optional<URI> proxyOf(String scheme) {
    return variable(scheme + "_proxy")
        .map(it -> URI.create(it.contains("://") ? it : "http://" + it))
        .filter(it -> it.getHost() != null);
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

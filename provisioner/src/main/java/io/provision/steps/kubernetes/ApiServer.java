package io.provision.steps.kubernetes;

/** Where an API server is asked. */
public final class ApiServer {
  public static final int PORT = 6443;

  private ApiServer() {}

  /** By a name or an address; IPv6 addresses in brackets. */
  public static String url(String host) {
    return "https://%s:%d".formatted(host.contains(":") ? "[" + host + "]" : host, PORT);
  }
}

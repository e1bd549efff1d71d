package io.provision.model;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/**
 * How nodes reach each other: a numeric IPv4 or IPv6 address. Not to be mixed up with {@link
 * SshAddress}, how the operator reaches a host: under Vagrant every machine's first interface says
 * 10.0.2.15.
 */
public record NodeAddress(InetAddress inet) {
  private static final Pattern IPV4 =
      Pattern.compile("((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.(?!$)|$)){4}");
  private static final Pattern IPV6 = Pattern.compile("[0-9a-fA-F:.]*:[0-9a-fA-F:.]*");

  /** Reads a numeric address; never asks a name server. */
  public static NodeAddress parse(String text) {
    if (!IPV4.matcher(text).matches() && !IPV6.matcher(text).matches()) {
      throw new IllegalArgumentException("'%s' is not an IP address".formatted(text));
    }
    try {
      return new NodeAddress(InetAddress.ofLiteral(text));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("'%s' is not an IP address".formatted(text), e);
    }
  }

  static NodeAddress of(byte[] bytes) {
    try {
      return new NodeAddress(InetAddress.getByAddress(bytes));
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }

  public boolean isIpv6() {
    return inet.getAddress().length == 16;
  }

  @Override
  public String toString() {
    return inet.getHostAddress();
  }
}

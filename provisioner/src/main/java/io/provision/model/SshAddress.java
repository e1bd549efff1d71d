package io.provision.model;

import java.util.regex.Pattern;

/**
 * How the operator reaches a host: a name (also one from ssh_config), an IPv4 or IPv6 address, with
 * an optional zone. Only the transport reads it.
 */
public record SshAddress(String value) {
  private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9_.:%-]{1,253}");
  private static final Pattern DIGITS = Pattern.compile("[0-9.]+");
  private static final Pattern WITH_PORT = Pattern.compile("([^:]+):(\\d{1,5})");

  public SshAddress {
    if (!GRAMMAR.matcher(value).matches() || value.startsWith("-")) {
      throw new IllegalArgumentException(
          "'%s' is not an address: a name or an IP address".formatted(value));
    }
    var port = WITH_PORT.matcher(value);
    if (port.matches()) {
      throw new IllegalArgumentException(
          "'%s' has a port. write address: %s and ssh: { port: %s }"
              .formatted(value, port.group(1), port.group(2)));
    }
    if (DIGITS.matcher(value).matches() || value.contains(":")) {
      requireOneMachine(value);
    }
  }

  /** What looks like a number must be one, and that of one machine. */
  private static void requireOneMachine(String value) {
    var inet = NodeAddress.parse(value.replaceFirst("%.*", "")).inet();
    if (inet.isAnyLocalAddress() || inet.isMulticastAddress()) {
      throw new IllegalArgumentException(
          "'%s' is not the address of one machine. name the one that ssh reaches".formatted(value));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}

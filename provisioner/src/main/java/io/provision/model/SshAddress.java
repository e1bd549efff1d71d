package io.provision.model;

import java.util.regex.Pattern;

/**
 * How the operator reaches a host: a name (also one from ssh_config), an IPv4 or IPv6 address, with
 * an optional zone. Only the transport reads it.
 */
public record SshAddress(String value) {
  private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z0-9_.:%-]{1,253}");

  public SshAddress {
    if (!GRAMMAR.matcher(value).matches() || value.startsWith("-")) {
      throw new IllegalArgumentException(
          "'%s' is not an address: a name or an IP address".formatted(value));
    }
  }

  @Override
  public String toString() {
    return value;
  }
}

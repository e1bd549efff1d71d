package io.provision.model;

import java.util.regex.Pattern;

/**
 * The name of a host in the inventory, which becomes its host name and its node name: a lower-case
 * RFC 1123 subdomain of at most 253 characters, each label at most 63.
 */
public record HostName(String value) implements Comparable<HostName> {
  private static final String LABEL = "[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?";
  private static final Pattern GRAMMAR = Pattern.compile(LABEL + "(\\." + LABEL + ")*");

  public HostName {
    if (value.length() > 253 || !GRAMMAR.matcher(value).matches() || value.equals("localhost")) {
      throw new IllegalArgumentException(
          "'%s' is not a hostname: lower-case letters, digits and '-', not 'localhost' (RFC 1123)"
              .formatted(value));
    }
  }

  @Override
  public int compareTo(HostName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}

package io.provision.resource;

import java.util.regex.Pattern;

/** The grammar of user and group names, and of their numbers. */
final class Account {
  private static final Pattern GRAMMAR = Pattern.compile("[A-Za-z_][A-Za-z0-9_.-]{0,31}|\\d{1,10}");

  private Account() {}

  static String require(String name) {
    if (!GRAMMAR.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a valid name for a user or group".formatted(name));
    }
    return name;
  }
}

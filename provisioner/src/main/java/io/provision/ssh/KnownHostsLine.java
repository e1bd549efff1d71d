package io.provision.ssh;

import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;

/**
 * A line of known_hosts.
 *
 * @param number its place in the file, from 1
 * @param names patterns, or one hashed name
 */
record KnownHostsLine(int number, Marker marker, List<String> names, HostKey key) {
  enum Marker {
    NONE,
    REVOKED,
    AUTHORITY
  }

  static KnownHostsLine parse(String text, int number) {
    var words = Arrays.asList(text.strip().split("[ \t]+"));
    var marker = Marker.NONE;
    if (words.getFirst().startsWith("@")) {
      marker =
          switch (words.getFirst()) {
            case "@revoked" -> Marker.REVOKED;
            case "@cert-authority" -> Marker.AUTHORITY;
            default -> throw new IllegalArgumentException("the marker " + words.getFirst());
          };
      words = words.subList(1, words.size());
    }
    if (words.size() < 3) {
      throw new IllegalArgumentException("fewer than three words");
    }
    var key = HostKey.of(Base64.getDecoder().decode(words.get(2)));
    if (!key.type().equals(words.get(1))) {
      throw new IllegalArgumentException(
          "says %s and holds %s".formatted(words.get(1), key.type()));
    }
    var names = words.getFirst();
    return new KnownHostsLine(
        number,
        marker,
        HashedName.is(names) ? List.of(names) : List.of(names.toLowerCase(Locale.ROOT).split(",")),
        key);
  }

  boolean hashed() {
    return HashedName.is(names.getFirst());
  }

  /** Whether its names can be looked up as they stand. */
  boolean exact() {
    return !hashed() && names.stream().noneMatch(Glob::isGlob);
  }

  /** Whether one of its patterns is for this name; a hashed name is none. */
  boolean matches(String name) {
    return !hashed() && Glob.matchesAny(names, name);
  }
}

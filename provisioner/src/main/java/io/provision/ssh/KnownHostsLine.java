package io.provision.ssh;

import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * A line of known_hosts.
 *
 * @param number its place in the file, from 1
 * @param names patterns, or one hashed name
 */
record KnownHostsLine(int number, Marker marker, List<String> names, HostKey key) {
  private static final String HASHED = "|1|";

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
        names.startsWith(HASHED)
            ? List.of(names)
            : List.of(names.toLowerCase(Locale.ROOT).split(",")),
        key);
  }

  boolean hashed() {
    return names.getFirst().startsWith(HASHED);
  }

  /** Whether its names can be looked up as they stand. */
  boolean exact() {
    return !hashed() && names.stream().noneMatch(Glob::isGlob);
  }

  boolean matches(String name) {
    if (!hashed()) {
      return Glob.matchesAny(names, name);
    }
    var parts = names.getFirst().split("\\|");
    return parts.length == 4
        && names.getFirst().equals(hash(name, Base64.getDecoder().decode(parts[2])));
  }

  /** A name as {@code ssh-keygen -H} writes it: HMAC-SHA1 under a salt of its own. */
  static String hash(String name) {
    var salt = new byte[20];
    new SecureRandom().nextBytes(salt);
    return hash(name, salt);
  }

  private static String hash(String name, byte[] salt) {
    try {
      var mac = Mac.getInstance("HmacSHA1");
      mac.init(new SecretKeySpec(salt, "HmacSHA1"));
      var digest = mac.doFinal(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
      var base64 = Base64.getEncoder();
      return HASHED + base64.encodeToString(salt) + "|" + base64.encodeToString(digest);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }
}

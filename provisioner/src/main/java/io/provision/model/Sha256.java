package io.provision.model;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/** A SHA-256 digest as 64 lower-case hexadecimal digits. */
public record Sha256(String hex) {
  private static final Pattern GRAMMAR = Pattern.compile("[0-9a-f]{64}");

  public Sha256 {
    if (!GRAMMAR.matcher(hex).matches()) {
      throw new IllegalArgumentException("'%s' is not a SHA-256 digest".formatted(hex));
    }
  }

  /** The digest of these bytes. */
  public static Sha256 of(byte[] bytes) {
    return new Sha256(HexFormat.of().formatHex(algorithm().digest(bytes)));
  }

  /** A fresh digest to be fed piece by piece. */
  public static MessageDigest algorithm() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }

  /** The first twelve digits, enough for a person to tell two apart. */
  public String brief() {
    return hex.substring(0, 12);
  }

  @Override
  public String toString() {
    return hex;
  }
}

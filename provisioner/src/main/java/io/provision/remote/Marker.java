package io.provision.remote;

import java.security.SecureRandom;
import java.util.HexFormat;

/** Words that no program prints by itself: they frame what we ask for. */
final class Marker {
  private static final SecureRandom RANDOM = new SecureRandom();

  private Marker() {}

  /** Sixteen hexadecimal digits, others each time. */
  static String fresh() {
    var bytes = new byte[8];
    RANDOM.nextBytes(bytes);
    return HexFormat.of().formatHex(bytes);
  }
}

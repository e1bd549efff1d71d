package io.provision.resource.unit;

import java.nio.charset.StandardCharsets;

/** Names of units that systemd gives by itself. */
public final class UnitName {
  private UnitName() {}

  /** The name systemd gives to a path, without a type; see systemd-escape(1). */
  public static String of(String path) {
    var name = new StringBuilder();
    var bytes = path.substring(1).getBytes(StandardCharsets.UTF_8);
    for (var i = 0; i < bytes.length; i++) {
      var c = (char) (bytes[i] & 0xff);
      if (c == '/') {
        name.append('-');
      } else if (c < 128
          && (Character.isLetterOrDigit(c) || c == ':' || c == '_' || c == '.' && i > 0)) {
        name.append(c);
      } else {
        name.append("\\x%02x".formatted((int) c));
      }
    }
    return name.toString();
  }
}

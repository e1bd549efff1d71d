package io.provision.section;

import java.util.List;
import java.util.regex.Pattern;

/** A directory on a host that is not the system's own. */
@Text(kind = "path on the host", sample = "/data/gluster/shared")
public record RemotePath(String value) {
  private static final Pattern GRAMMAR = Pattern.compile("(/[A-Za-z0-9._-]+)+/?");
  private static final Pattern OWNED =
      Pattern.compile(
          "/(bin|boot|dev|etc|home|lib\\d*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)");
  private static final Pattern OF_THE_SYSTEM =
      Pattern.compile("/(bin|boot|dev|etc|lib\\d*|proc|run|sbin|sys|usr)/.*");

  /** All three in one. */
  static final String FORM =
      "(?!(.*/)?\\.{1,2}(/|$))"
          + "(?!/(bin|boot|dev|etc|home|lib\\d*|media|mnt|opt|proc|root|run|sbin|srv|sys|tmp|usr|var)/?$)"
          + "(?!/(bin|boot|dev|etc|lib\\d*|proc|run|sbin|sys|usr)/.)"
          + GRAMMAR;

  public RemotePath {
    Form.required(GRAMMAR, value, "absolute path of letters, digits, '.', '_' and '-'");
    if (List.of(value.split("/")).stream()
        .anyMatch(part -> part.equals("..") || part.equals("."))) {
      throw new IllegalArgumentException(
          "'%s' has '.' or '..' in it. write the path in full".formatted(value));
    }
    value = value.endsWith("/") ? value.substring(0, value.length() - 1) : value;
    if (OWNED.matcher(value).matches() || OF_THE_SYSTEM.matcher(value).matches()) {
      throw new IllegalArgumentException(
          "'%s' belongs to the operating system. take a directory of its own".formatted(value));
    }
  }
}

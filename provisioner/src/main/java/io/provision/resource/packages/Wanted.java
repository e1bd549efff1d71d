package io.provision.resource.packages;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A package, and the version it must have, if any.
 *
 * @param name as Debian calls it, where systems differ and {@link PackageManager#named} knows it
 * @param version as the host's package manager writes it
 */
public record Wanted(String name, Optional<String> version) {
  private static final Pattern NAME =
      Pattern.compile("[A-Za-z0-9][A-Za-z0-9+._-]{1,127}(:[a-z0-9]+)?");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9.+~^_:-]{1,128}");

  public Wanted {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException("'%s' is not a valid name for a package".formatted(name));
    }
    version.ifPresent(it -> {
      if (!VERSION.matcher(it).matches()) {
        throw new IllegalArgumentException("'%s' is not a version of %s".formatted(it, name));
      }
    });
  }

  /** Reads {@code name} or {@code name=version}, as apt-get does. */
  public static Wanted parse(String text) {
    var equals = text.indexOf('=');
    return equals < 0
        ? new Wanted(text, Optional.empty())
        : new Wanted(text.substring(0, equals), Optional.of(text.substring(equals + 1)));
  }

  @Override
  public String toString() {
    return version.map(it -> name + "=" + it).orElse(name);
  }
}

package io.provision.local;

import java.nio.file.Path;
import java.util.Map;

/**
 * Where things of the operator are kept, by the XDG base directory specification 0.8
 * (https://specifications.freedesktop.org/basedir-spec/latest/).
 */
public record DeskDirectories(Path cache, Path state) {

  /**
   * Reads the environment; a relative path there is ignored, as the specification asks.
   *
   * @param environment as {@link System#getenv()}
   */
  public static DeskDirectories of(Map<String, String> environment, Path home) {
    return new DeskDirectories(
        base(environment.get("XDG_CACHE_HOME"), home.resolve(".cache")).resolve("provision"),
        base(environment.get("XDG_STATE_HOME"), home.resolve(".local/state")).resolve("provision"));
  }

  private static Path base(@org.jspecify.annotations.Nullable String given, Path otherwise) {
    return given == null || !given.startsWith("/") ? otherwise : Path.of(given);
  }
}

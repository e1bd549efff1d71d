package io.provision.console;

/**
 * Something wrong with what was typed or written, or worth a warning.
 *
 * @param where for example {@code home.yml:12:5}; empty where there is no such place
 * @param what the reason, and what to do
 */
public record Problem(Level level, String where, String what) {
  /** Whether it stops the run. */
  public enum Level {
    ERROR,
    WARNING
  }

  public static Problem error(String where, String what) {
    return new Problem(Level.ERROR, where, what);
  }

  public static Problem warning(String where, String what) {
    return new Problem(Level.WARNING, where, what);
  }
}

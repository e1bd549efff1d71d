package io.provision.cli;

import java.lang.System.Logger;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;

/**
 * What libraries and the JDK would log by {@link Logger}: nothing, as what an operator has to know
 * is said by the program. It is found at once, while the JDK's own is only taken once all of the
 * class path was looked through for another one, which each start would pay for.
 */
public final class NoLog extends System.LoggerFinder {
  @Override
  public Logger getLogger(String name, Module module) {
    return new Silent(name);
  }

  private record Silent(String getName) implements Logger {
    @Override
    public boolean isLoggable(Level level) {
      return false;
    }

    @Override
    public void log(
        Level level,
        @Nullable ResourceBundle bundle,
        @Nullable String text,
        @Nullable Throwable thrown) {}

    @Override
    public void log(
        Level level, @Nullable ResourceBundle bundle, @Nullable String format, Object... given) {}
  }
}

package io.provision.console;

import java.io.IOException;
import java.util.function.Supplier;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jspecify.annotations.Nullable;

/**
 * Asks the terminal for its size, at most once a second. It is opened when it is first asked, by
 * the thread that draws: that takes two processes.
 */
final class JlineScreen implements Supplier<Screen>, AutoCloseable {
  private static final long NANOS_BETWEEN = 1_000_000_000L;

  private @Nullable Terminal terminal;
  private Screen last = Screen.USUAL;
  private long asked;

  @Override
  public synchronized Screen get() {
    var opened = terminal;
    if (opened == null) {
      opened = open();
      terminal = opened;
      asked = System.nanoTime() - NANOS_BETWEEN;
    }
    if (System.nanoTime() - asked >= NANOS_BETWEEN) {
      asked = System.nanoTime();
      var size = opened.getSize();
      last =
          size.getRows() > 0 && size.getColumns() > 0
              ? new Screen(size.getRows(), size.getColumns())
              : Screen.USUAL;
    }
    return last;
  }

  private static Terminal open() {
    try {
      // Signals are the command line's own: JLine would give Ctrl-C back its default, death.
      return TerminalBuilder.builder().system(true).dumb(true).nativeSignals(false).build();
    } catch (IOException e) {
      throw new IllegalStateException("not even a dumb terminal can be opened", e);
    }
  }

  @Override
  public synchronized void close() {
    if (terminal == null) {
      return;
    }
    try {
      terminal.close();
    } catch (IOException _) {
      // It was only asked for its size; there is nothing to save.
      terminal = null;
    }
  }
}

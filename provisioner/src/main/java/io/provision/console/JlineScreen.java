package io.provision.console;

import java.io.IOException;
import java.util.function.Supplier;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/** Asks the terminal for its size, at most once a second. */
final class JlineScreen implements Supplier<Screen>, AutoCloseable {
  private static final long NANOS_BETWEEN = 1_000_000_000L;

  private final Terminal terminal;
  private Screen last = Screen.USUAL;
  private long asked;

  JlineScreen() {
    this.terminal = open();
    this.asked = System.nanoTime() - NANOS_BETWEEN;
  }

  private static Terminal open() {
    try {
      return TerminalBuilder.builder().system(true).dumb(true).build();
    } catch (IOException e) {
      throw new IllegalStateException("not even a dumb terminal can be opened", e);
    }
  }

  @Override
  public Screen get() {
    if (System.nanoTime() - asked >= NANOS_BETWEEN) {
      asked = System.nanoTime();
      var size = terminal.getSize();
      var rows = size.getRows();
      var columns = size.getColumns();
      last = rows > 0 && columns > 0 ? new Screen(rows, columns) : Screen.USUAL;
    }
    return last;
  }

  @Override
  public void close() {
    try {
      terminal.close();
    } catch (IOException _) {
      // It was only read from; there is nothing to save.
      last = Screen.USUAL;
    }
  }
}

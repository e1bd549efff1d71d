package io.provision.remote;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * Tells every now and then the last line that a running command has printed, where it is another
 * one than was told before: what takes ten minutes shows that it lives. A line is told behind
 * {@link #PRINTED}, so that nothing that a program prints is taken for a word of ours.
 */
final class LastLine implements AutoCloseable {
  static final String PRINTED = "| ";

  /** Enough for any screen. */
  private static final int LONGEST = 300;

  /** Colours, and what moves a cursor: ECMA-48, CSI and OSC. */
  private static final Pattern CONTROL =
      Pattern.compile("\033(?:\\[[0-9;?]*[ -/]*[@-~]|\\][^\007\033]*(?:\007|\033\\\\)|.)");

  private final Consumer<String> listener;
  private final CountDownLatch over = new CountDownLatch(1);
  private final StringBuilder begun = new StringBuilder();
  private String last = "";
  private String told = "";

  LastLine(Consumer<String> listener) {
    this.listener = listener;
  }

  /** Tells this often from now on, by a thread of its own, until it is closed. */
  LastLine telling(Duration interval) {
    Thread.ofVirtual()
        .name("last line")
        .start(() -> {
          try {
            while (!over.await(interval.toMillis(), TimeUnit.MILLISECONDS)) {
              tell();
            }
          } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
          }
        });
    return this;
  }

  /** A whole line. */
  synchronized void line(String text) {
    var line = text.stripTrailing();
    var shown = CONTROL.matcher(line.substring(line.lastIndexOf('\r') + 1)).replaceAll("").strip();
    if (!shown.isEmpty() && !shown.startsWith("@@")) {
      last = shown.length() > LONGEST ? shown.substring(0, LONGEST) : shown;
    }
  }

  /** A part of a stream, which may end within a line, or a character of it. */
  synchronized void part(String text) {
    begun.append(text);
    var end = Math.max(begun.lastIndexOf("\n"), begun.lastIndexOf("\r"));
    if (end >= 0) {
      for (var each : begun.substring(0, end).split("[\r\n]")) {
        line(each);
      }
      begun.delete(0, end + 1);
    }
    if (begun.length() > 2 * LONGEST) {
      begun.setLength(LONGEST); // what is not shown need not be kept
    }
  }

  /** What was printed so far is not told any more: another command runs now. */
  synchronized void forget() {
    last = told;
    begun.setLength(0);
  }

  /** Tells what is new. */
  void tell() {
    String now;
    synchronized (this) {
      if (last.equals(told)) {
        return;
      }
      now = last;
      told = last;
    }
    listener.accept(PRINTED + now);
  }

  @Override
  public void close() {
    over.countDown();
  }
}

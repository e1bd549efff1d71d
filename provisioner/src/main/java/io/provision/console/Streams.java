package io.provision.console;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;

/**
 * Where words go, always as UTF-8. A reader who leaves early ({@code provision plan | head}) does
 * not end a run: what is written afterwards is lost and nothing else. A full disk does not end it
 * either, but is told afterwards by {@link #lost}.
 *
 * @param terminal whether {@code out} is one
 */
public record Streams(PrintWriter out, PrintWriter err, boolean terminal, Outlet outlet) {

  /**
   * The process's own; the launcher says in {@code PROVISION_TTY} which of 0, 1, 2 are terminals.
   */
  public static Streams standard(Map<String, String> environment) {
    var told = environment.get("PROVISION_TTY");
    return of(
        new Outlet(new FileOutputStream(FileDescriptor.out), Outlet.isRead()),
        new FileOutputStream(FileDescriptor.err),
        told == null ? System.console() != null : told.contains("1"));
  }

  public static Streams of(OutputStream out, OutputStream err, boolean terminal) {
    return of(new Outlet(out, false), err, terminal);
  }

  /** As {@link #of}, to somebody who reads and may leave before the end. */
  public static Streams toReader(OutputStream out, OutputStream err) {
    return of(new Outlet(out, true), err, false);
  }

  private static Streams of(Outlet out, OutputStream err, boolean terminal) {
    return new Streams(writer(out), writer(err), terminal, out);
  }

  /** PrintWriter, because it never throws: what failed is remembered and otherwise ignored. */
  private static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(
        new OutputStreamWriter(new BufferedOutputStream(stream, 1 << 15), StandardCharsets.UTF_8));
  }

  public void flush() {
    out.flush();
    err.flush();
  }

  /** Why standard output is not whole, once everything was flushed; empty where it is. */
  public Optional<String> lost() {
    return outlet.lost().map(fault -> String.valueOf(fault.getMessage()));
  }
}

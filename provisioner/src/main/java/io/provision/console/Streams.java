package io.provision.console;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Where words go, always as UTF-8. A reader who leaves early ({@code provision plan | head}) does
 * not end a run: what is written afterwards is lost and nothing else.
 *
 * @param terminal whether {@code out} is one
 */
public record Streams(PrintWriter out, PrintWriter err, boolean terminal) {

  /**
   * The process's own; the launcher says in {@code PROVISION_TTY} which of 0, 1, 2 are terminals.
   */
  public static Streams standard(Map<String, String> environment) {
    var told = environment.get("PROVISION_TTY");
    return of(
        new FileOutputStream(FileDescriptor.out),
        new FileOutputStream(FileDescriptor.err),
        told == null ? System.console() != null : told.contains("1"));
  }

  public static Streams of(OutputStream out, OutputStream err, boolean terminal) {
    return new Streams(writer(out), writer(err), terminal);
  }

  /** PrintWriter, because it never throws: a closed pipe is remembered and otherwise ignored. */
  private static PrintWriter writer(OutputStream stream) {
    return new PrintWriter(
        new OutputStreamWriter(new BufferedOutputStream(stream, 1 << 15), StandardCharsets.UTF_8));
  }

  public void flush() {
    out.flush();
    err.flush();
  }
}

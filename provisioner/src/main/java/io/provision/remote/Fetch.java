package io.provision.remote;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What one call prints, byte for byte, however much it is: between the marks of a frame, which is
 * never held as a whole.
 */
final class Fetch {
  /** What comes behind the bytes has room in it: two marks and a status. */
  private static final int TAIL = 256;

  private static final int COPY = 64 << 10;
  private static final int NOISE = 1 << 20;

  private final InputStream in;
  private final byte[] begin;
  private final String end;
  private final StringBuilder noise = new StringBuilder();
  private boolean begun;

  Fetch(InputStream in, String marker) {
    this.in = in;
    this.begin = ("\n@@" + marker + " begin\n").getBytes(StandardCharsets.US_ASCII);
    this.end = "\n@@" + marker + " end ";
  }

  /** Who was to take the bytes could not. */
  static final class NotTaken extends IOException {
    private static final long serialVersionUID = 1;
    private final IOException reason;

    NotTaken(IOException reason) {
      super(reason);
      this.reason = reason;
    }

    IOException reason() {
      return reason;
    }
  }

  /** Whether the call was begun. */
  boolean begun() {
    return begun;
  }

  /** What was printed before it. */
  String noise() {
    return noise.toString();
  }

  /**
   * Copies the bytes.
   *
   * @return the exit status of the call; empty where the stream ended before that came
   */
  OptionalInt into(OutputStream out) throws IOException {
    if (!skipNoise()) {
      return OptionalInt.empty();
    }
    begun = true;
    var buffer = new byte[TAIL + COPY];
    var held = 0;
    for (var count = in.read(buffer, held, COPY); count >= 0; count = in.read(buffer, held, COPY)) {
      var all = held + count;
      held = Math.min(all, TAIL);
      give(buffer, all - held, out);
      System.arraycopy(buffer, all - held, buffer, 0, held);
    }
    var tail = new String(buffer, 0, held, StandardCharsets.ISO_8859_1);
    var at = tail.lastIndexOf(end);
    var status = at < 0 ? Optional.<Integer>empty() : status(tail.substring(at + end.length()));
    if (status.isEmpty()) {
      return OptionalInt.empty();
    }
    give(buffer, at, out);
    return OptionalInt.of(status.get());
  }

  /** The digits up to the end of the line, which must have come as well. */
  private static Optional<Integer> status(String rest) {
    var line = rest.indexOf('\n');
    return line > 0 && line <= 3 && rest.substring(0, line).chars().allMatch(Character::isDigit)
        ? Optional.of(Integer.valueOf(rest.substring(0, line)))
        : Optional.empty();
  }

  private static void give(byte[] bytes, int count, OutputStream out) throws NotTaken {
    try {
      out.write(bytes, 0, count);
    } catch (IOException e) {
      throw new NotTaken(e);
    }
  }

  /**
   * A line end is in the mark at both of its ends alone, so that one is where it can begin anew.
   */
  private boolean skipNoise() throws IOException {
    var matched = 0;
    while (matched < begin.length) {
      var one = in.read();
      if (one < 0) {
        return false;
      }
      if (noise.length() == NOISE) {
        throw new GivenUp(
            "it printed more than 1 MiB before anything that it was asked for",
            "log in by hand and look what the user's shell profile prints");
      }
      noise.append((char) one);
      matched = one == begin[matched] ? matched + 1 : one == '\n' ? 1 : 0;
    }
    return true;
  }
}

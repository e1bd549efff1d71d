package io.provision.remote;

import java.io.IOException;
import java.io.InputStream;

/**
 * A payload that is at hand.
 *
 * @param size in bytes, as it is sent
 */
public record PayloadStream(long size, Source source, Portion portion) {
  /** Opens the bytes, once. */
  @FunctionalInterface
  public interface Source {
    InputStream open() throws IOException;
  }

  /**
   * What of a whole is sent. A script has it in {@code from_1}, {@code upto_1}, {@code whole_1} and
   * {@code packed_1} of its first payload, {@code from_2} of the second and so on, where that is
   * not simply all of it.
   *
   * @param from where it begins, in bytes
   * @param upto where it ends, in bytes
   * @param whole the size of all, in bytes
   * @param isPacked whether it is sent as gzip has it
   */
  public record Portion(long from, long upto, long whole, boolean isPacked) {
    public Portion {
      if (from < 0 || from > upto || upto > whole) {
        throw new IllegalArgumentException("%d to %d of %d bytes".formatted(from, upto, whole));
      }
    }

    private static Portion all(long size) {
      return new Portion(0, size, size, false);
    }
  }

  /** All of it, as it is. */
  public PayloadStream(long size, Source source) {
    this(size, source, Portion.all(size));
  }

  /** The variables of a script whose payload it is, its first or another. */
  public String variables(int place) {
    var plain = "payload_%d=%d".formatted(place, size);
    return portion.equals(Portion.all(size))
        ? plain
        : plain
            + " from_%1$d=%2$d upto_%1$d=%3$d whole_%1$d=%4$d packed_%1$d=%5$s"
                .formatted(
                    place,
                    portion.from(),
                    portion.upto(),
                    portion.whole(),
                    portion.isPacked() ? "gzip" : "");
  }
}

package io.provision.remote;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/**
 * A payload that is at hand.
 *
 * @param size in bytes, as it is sent
 */
public record PayloadStream(long size, Source source, Optional<Portion> portion) {
  /** Opens the bytes, once. */
  @FunctionalInterface
  public interface Source {
    InputStream open() throws IOException;
  }

  /**
   * What of a whole is sent, for a script that keeps what has arrived when it is cut off. It has it
   * in {@code from_1}, {@code upto_1}, {@code whole_1} and {@code packed_1} of its first payload,
   * {@code from_2} of the second and so on.
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
  }

  /** All of it, as it is. */
  public PayloadStream(long size, Source source) {
    this(size, source, Optional.empty());
  }

  public PayloadStream(long size, Source source, Portion portion) {
    this(size, source, Optional.of(portion));
  }

  /** The variables of a script whose payload it is, its first or another. */
  public String variables(int place) {
    return "payload_%d=%d".formatted(place, size)
        + portion
            .map(it ->
                " from_%1$d=%2$d upto_%1$d=%3$d whole_%1$d=%4$d packed_%1$d=%5$s"
                    .formatted(
                        place, it.from(), it.upto(), it.whole(), it.isPacked() ? "gzip" : ""))
            .orElse("");
  }
}

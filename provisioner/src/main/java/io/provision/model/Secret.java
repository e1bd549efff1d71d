package io.provision.model;

import java.nio.charset.StandardCharsets;
import java.util.function.Supplier;

/**
 * A value that must not be seen. It has no way into an argument list, an event, a log or a plan:
 * {@link #toString()} masks it, and only the packages that write payloads may {@link #reveal()} it.
 */
public final class Secret {
  private final String reference;
  private final Supplier<byte[]> source;
  private byte @org.jspecify.annotations.Nullable [] revealed;

  private Secret(String reference, Supplier<byte[]> source) {
    this.reference = reference;
    this.source = source;
  }

  /** A secret whose value is at hand. */
  public static Secret of(byte[] value) {
    var copy = value.clone();
    return new Secret("(given)", () -> copy);
  }

  /** A secret whose value is at hand, as UTF-8. */
  public static Secret of(String value) {
    return of(value.getBytes(StandardCharsets.UTF_8));
  }

  /**
   * A secret that is fetched when it is first needed, at most once.
   *
   * @param reference what the inventory says, for example <code>${env:SUDO_PASSWORD}</code>
   */
  public static Secret from(String reference, Supplier<byte[]> source) {
    return new Secret(reference, source);
  }

  /** Where the value comes from; never the value. */
  public String reference() {
    return reference;
  }

  /** Whether the value is kept elsewhere, so that the reference can be written down. */
  public boolean isReference() {
    return reference.startsWith("${");
  }

  /** The value itself, a copy. Throws what its source throws. */
  public synchronized byte[] reveal() {
    if (revealed == null) {
      revealed = source.get();
    }
    return revealed.clone();
  }

  @Override
  public String toString() {
    return "****";
  }
}

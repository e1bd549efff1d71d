package io.provision.model;

/**
 * A secret is needed and cannot be had. Names where it should come from and what to do; never
 * anything that a program or file answered.
 */
public final class SecretUnavailable extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final String reference;
  private final String reason;
  private final String remedy;

  /**
   * @param reference what the inventory says, for example <code>${env:SUDO_PASSWORD}</code>
   * @param reason what happened
   * @param remedy what the operator can do about it, a sentence
   */
  public SecretUnavailable(String reference, String reason, String remedy) {
    super("%s: %s. %s".formatted(reference, reason, remedy));
    this.reference = reference;
    this.reason = "%s: %s".formatted(reference, reason);
    this.remedy = remedy;
  }

  public String reference() {
    return reference;
  }

  /** What was asked for and what happened. */
  public String reason() {
    return reason;
  }

  public String remedy() {
    return remedy;
  }
}

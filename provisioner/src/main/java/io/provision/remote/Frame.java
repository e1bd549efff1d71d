package io.provision.remote;

import java.time.Instant;

/**
 * What one call printed on stdout, without the line end that closed it, and how it ended.
 *
 * @param status the call's exit status, 0 to 255
 * @param window when it ran
 */
public record Frame(int status, String output, Window window) {
  /**
   * The time in which a call ran, by this machine's clock.
   *
   * @param sent before it began
   * @param arrived after it ended
   */
  public record Window(Instant sent, Instant arrived) {
    /** Nothing is known of it. */
    public static final Window ANY = new Window(Instant.MIN, Instant.MAX);
  }

  public Frame(int status, String output) {
    this(status, output, Window.ANY);
  }

  public boolean ok() {
    return status == 0;
  }
}

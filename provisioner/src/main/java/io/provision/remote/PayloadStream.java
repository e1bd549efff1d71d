package io.provision.remote;

import java.io.IOException;
import java.io.InputStream;

/**
 * A payload that is at hand.
 *
 * @param size in bytes
 */
public record PayloadStream(long size, Source source) {
  /** Opens the bytes, once. */
  @FunctionalInterface
  public interface Source {
    InputStream open() throws IOException;
  }
}

package io.provision.steps.gluster;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Answers of GlusterFS 10.3-5 on Debian 12, as they came. */
public final class Recorded {
  private Recorded() {}

  public static String answer(String name) {
    try (var in = Recorded.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new IllegalArgumentException("there is no recording " + name);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}

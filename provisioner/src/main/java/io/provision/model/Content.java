package io.provision.model;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a file should hold. */
public sealed interface Content {
  /** The bytes themselves, for whoever writes them to their place. */
  byte[] bytes();

  default Sha256 sha256() {
    return Sha256.of(bytes());
  }

  static Content of(String text) {
    return new Plain(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Content that may be shown in a plan. */
  record Plain(byte[] bytes) implements Content {
    public Plain {
      bytes = bytes.clone();
    }

    @Override
    public byte[] bytes() {
      return bytes.clone();
    }

    public String text() {
      return new String(bytes, StandardCharsets.UTF_8);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Plain plain && Arrays.equals(bytes, plain.bytes);
    }

    @Override
    public int hashCode() {
      return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
      return text();
    }
  }

  /** Content that holds a secret: it is written with mode 0600 and never shown. */
  record Sensitive(Secret secret) implements Content {
    @Override
    public byte[] bytes() {
      return secret.reveal();
    }
  }
}

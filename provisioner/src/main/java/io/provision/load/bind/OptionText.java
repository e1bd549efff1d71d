package io.provision.load.bind;

import io.provision.load.yaml.Node.Scalar;

/**
 * The value of a GlusterFS volume option. Here alone {@code on} and {@code off} need no quotes, for
 * they are what GlusterFS says itself.
 */
public record OptionText(String value) {
  public OptionText {
    if (value.isEmpty() || value.length() > 512 || value.startsWith("-")) {
      throw new IllegalArgumentException("'%s' is not a value of a volume option".formatted(value));
    }
    if (value.codePoints().anyMatch(Character::isISOControl)) {
      throw new IllegalArgumentException("a volume option cannot hold a control character");
    }
  }

  /** The scalar as it would be with quotes around it. */
  static Scalar quoted(Scalar scalar) {
    return new Scalar(scalar.text(), false, scalar.position());
  }
}

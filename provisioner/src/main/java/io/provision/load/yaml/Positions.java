package io.provision.load.yaml;

import io.provision.model.Position;
import org.yaml.snakeyaml.error.Mark;

/** Where something stands in a file. */
public final class Positions {
  private Positions() {}

  /** Of a file as a whole. */
  public static Position start(String name) {
    return new Position(name, 1, 1);
  }

  static Position position(String name, @org.jspecify.annotations.Nullable Mark mark) {
    return mark == null
        ? start(name)
        : new Position(name, mark.getLine() + 1, mark.getColumn() + 1);
  }
}

package io.provision.section;

import io.provision.model.Position;

/** Takes what checks find, so that all of it can be said at once. */
public interface Findings {

  /** Something for which the inventory is refused: a sentence, and one that says what to do. */
  void add(Position at, String reason);

  /** Something that should be said, but is no reason to refuse. */
  void warn(Position at, String reason);

  /**
   * Refuses a key that nothing would carry out.
   *
   * @param where behind "means nothing"
   */
  default void meaningless(Source source, String key, String where) {
    add(source.keyAt(key), "'%s' means nothing %s. take it out.".formatted(key, where));
  }
}

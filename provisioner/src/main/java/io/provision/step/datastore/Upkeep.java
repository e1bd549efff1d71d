package io.provision.step.datastore;

/** Who has the members of a datastore give back the room that they do not use. */
public sealed interface Upkeep {

  /**
   * The datastore itself.
   *
   * @param how when it does, and what has it do so
   */
  record ByItself(String how) implements Upkeep {}

  /** We do. */
  record ByUs(Defragmentation how) implements Upkeep {}
}

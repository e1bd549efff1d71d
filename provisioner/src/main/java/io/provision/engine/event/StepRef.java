package io.provision.engine.event;

import io.provision.model.Position;

/**
 * A step at its place in a playbook.
 *
 * @param name as the playbook writes it, for example {@code kernel-modules}
 * @param index its place in the whole playbook, from 0; two steps of one name differ in it
 */
public record StepRef(String name, int index, Position position) {
  /** The same step of the same playbook, whatever the playbook's file is called from here. */
  @Override
  public boolean equals(@org.jspecify.annotations.Nullable Object other) {
    return other instanceof StepRef ref && index == ref.index && name.equals(ref.name);
  }

  @Override
  public int hashCode() {
    return 31 * name.hashCode() + index;
  }

  @Override
  public String toString() {
    return name;
  }
}

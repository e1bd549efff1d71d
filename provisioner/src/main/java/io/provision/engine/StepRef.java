package io.provision.engine;

import io.provision.model.Position;

/**
 * A step at its place in a playbook.
 *
 * @param name as the playbook writes it, for example {@code kernel-modules}
 * @param index its place in the whole playbook, from 0; two steps of one name differ in it
 */
public record StepRef(String name, int index, Position position) {
  @Override
  public String toString() {
    return name;
  }
}

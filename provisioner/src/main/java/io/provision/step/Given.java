package io.provision.step;

import java.lang.reflect.RecordComponent;

/**
 * Marks a type that the catalog gives to the steps that have a component of it. Playbooks cannot
 * write it, and nobody is told of it.
 */
public interface Given {
  static boolean is(RecordComponent component) {
    return Given.class.isAssignableFrom(component.getType());
  }
}

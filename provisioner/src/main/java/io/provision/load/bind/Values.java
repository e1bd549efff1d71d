package io.provision.load.bind;

import io.provision.section.Node;
import java.lang.reflect.Type;
import java.util.Optional;

/** Binds a node to whatever type; those that bind parts of something ask it for each part. */
@FunctionalInterface
interface Values {
  /** The value, or empty with a problem. */
  Optional<?> of(Type type, Node node);
}

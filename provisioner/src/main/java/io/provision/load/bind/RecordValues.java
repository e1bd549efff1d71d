package io.provision.load.bind;

import io.provision.load.yaml.Problems;
import io.provision.model.Position;
import io.provision.model.Sections;
import io.provision.section.DidYouMean;
import io.provision.section.Node;
import io.provision.section.Node.Mapping;
import io.provision.section.SectionEntry;
import io.provision.section.ValueSection;
import io.provision.step.Given;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/** Records of mappings: a problem for every key that is unknown, missing or wrong. */
final class RecordValues {
  private final Values values;
  private final Map<Class<?>, Given> program;
  private final Shapes shapes;
  private final Problems problems;

  /**
   * @param values what binds the components
   * @param program what the program gives, by its type
   */
  RecordValues(Values values, Map<Class<?>, Given> program, Shapes shapes, Problems problems) {
    this.values = values;
    this.program = program;
    this.shapes = shapes;
    this.problems = problems;
  }

  /** The record, or empty where a part that it cannot do without is wrong. */
  Optional<Object> of(Class<?> type, Node node) {
    var shape = shapes.of(type);
    if (node instanceof Mapping mapping) {
      return fields(shape, mapping);
    }
    if (node.isNull()) {
      return fields(shape, Mapping.empty(node.position()));
    }
    if (shape.keys().size() == 1) {
      return only(shape, node);
    }
    problems.add(node.position(), "a mapping is expected here, not %s.".formatted(node.kind()));
    return Optional.empty();
  }

  /** The record of which this is the only component. */
  private Optional<Object> only(RecordShape shape, Node node) {
    return values
        .of(shape.keys().getFirst().type(), node)
        .flatMap(value -> construct(shape, shape.given(value, node, this::given), node.position()));
  }

  private Optional<Object> fields(RecordShape shape, Mapping mapping) {
    var guessed = unknown(shape, mapping);
    var components = shape.components();
    var parts = new Object[components.size()];
    var whole = true;
    for (var i = 0; i < parts.length; i++) {
      var component = components.get(i);
      if (RecordShape.isSource(component.getType())) {
        parts[i] = mapping;
      } else if (component.getType() == Position.class) {
        parts[i] = mapping.position();
      } else if (Given.is(component)) {
        parts[i] = given(component);
      } else if (component.getType() == Sections.class) {
        parts[i] = sections(shape, mapping);
      } else {
        var value = field(shape, component, mapping, guessed);
        if (value.isEmpty()) {
          whole = false;
        } else {
          parts[i] = value.get();
        }
      }
    }
    return whole ? construct(shape, parts, mapping.position()) : Optional.empty();
  }

  /** Those that are there and could be bound. */
  private Sections sections(RecordShape shape, Mapping mapping) {
    var bound = new ArrayList<Record>();
    for (var section : shape.sections()) {
      hollow(section, mapping);
      mapping
          .find(section.key())
          .flatMap(node -> section(section.type(), node))
          .ifPresent(it -> bound.add((Record) it));
    }
    return new Sections(bound);
  }

  /** Who writes the key of an area alone may think that it is switched on by that. */
  private void hollow(SectionEntry section, Mapping mapping) {
    var entry = mapping.entries().get(section.key());
    if (entry != null
        && entry.value().isNull()
        && !ValueSection.class.isAssignableFrom(section.type())) {
      problems.warn(
          entry.key().position(),
          "'%s' has no value, and is as if it were not there. take it out, or write '%1$s: {}'."
              .formatted(section.key()));
    }
  }

  private Optional<Object> section(Class<?> type, Node node) {
    return ValueSection.class.isAssignableFrom(type) ? only(shapes.of(type), node) : of(type, node);
  }

  private Given given(RecordComponent component) {
    var value = program.get(component.getType());
    if (value == null) {
      throw new IllegalStateException("nothing was given for " + component);
    }
    return value;
  }

  /** Reports keys that are not known; returns those that were probably meant. */
  private Set<String> unknown(RecordShape shape, Mapping mapping) {
    var guessed = new LinkedHashSet<String>();
    if (shape.names().containsAll(mapping.entries().keySet())) {
      return guessed;
    }
    var free = new ArrayList<>(shape.names());
    free.removeAll(mapping.entries().keySet());
    mapping
        .entries()
        .forEach((key, entry) -> {
          if (shape.names().contains(key)) {
            return;
          }
          DidYouMean.nearest(key, free).ifPresent(guessed::add);
          var hint = DidYouMean.sentence(key, free);
          problems.add(
              entry.key().position(),
              "unknown key '%s'.%s".formatted(key, hint.isEmpty() ? known(shape) : hint));
        });
    return guessed;
  }

  private String known(RecordShape shape) {
    return shape.names().isEmpty()
        ? " nothing can be set here."
        : " known here: %s.".formatted(String.join(", ", shape.names()));
  }

  private Optional<?> field(
      RecordShape shape, RecordComponent component, Mapping mapping, Set<String> guessed) {
    var name = RecordShape.key(component);
    var entry = mapping.entries().get(name);
    if (entry != null && !entry.value().isNull()) {
      var value = values.of(component.getGenericType(), entry.value());
      return value.isPresent() ? value : ifWrong(component);
    }
    if (shape.isRequired(name) && !guessed.contains(name)) {
      problems.add(
          entry == null ? mapping.position() : entry.key().position(),
          entry == null
              ? "'%s' is missing.".formatted(name)
              : "'%s' has no value.".formatted(name));
    }
    return ifMissing(component);
  }

  /** What stands for a part that is wrong, so that the rest can be looked at all the same. */
  private Optional<?> ifWrong(RecordComponent component) {
    return component.getType() == Optional.class
        ? Optional.of(Optional.empty())
        : ifMissing(component);
  }

  private Optional<?> ifMissing(RecordComponent component) {
    var type = component.getType();
    if (type == Optional.class) {
      return Optional.of(Optional.empty());
    }
    if (type == OptionalInt.class) {
      return Optional.of(OptionalInt.empty());
    }
    return type == boolean.class ? Optional.of(false) : Optional.empty();
  }

  private Optional<Object> construct(RecordShape shape, Object[] values, Position at) {
    try {
      return Optional.of(shape.construct(values));
    } catch (IllegalArgumentException e) {
      problems.add(at, SingleValues.sentence(e));
      return Optional.empty();
    }
  }
}

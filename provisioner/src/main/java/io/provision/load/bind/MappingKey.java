package io.provision.load.bind;

import io.provision.section.SectionEntry;
import java.lang.annotation.Annotation;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Optional;

/**
 * One key of a mapping: a component of the mapping's record, or the section of an area.
 *
 * @param isRequired whether a problem is said where it is missing
 */
public record MappingKey(
    String name,
    Type type,
    boolean isRequired,
    Optional<RecordComponent> component,
    Optional<SectionEntry> section) {

  static MappingKey of(String name, RecordComponent component, boolean isRequired) {
    return new MappingKey(
        name, component.getGenericType(), isRequired, Optional.of(component), Optional.empty());
  }

  /**
   * @param type of what stands there: the section, or its one component
   */
  static MappingKey of(SectionEntry section, Type type) {
    return new MappingKey(section.key(), type, false, Optional.empty(), Optional.of(section));
  }

  /** What its component is annotated with. */
  public <A extends Annotation> Optional<A> annotation(Class<A> type) {
    return component.map(it -> it.getAnnotation(type));
  }

  /** Whether it is this key of this record. */
  public boolean is(Class<?> record, String key) {
    return name.equals(key)
        && component.filter(it -> it.getDeclaringRecord() == record).isPresent();
  }
}

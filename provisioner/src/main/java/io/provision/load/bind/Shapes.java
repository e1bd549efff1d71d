package io.provision.load.bind;

import io.provision.section.SectionEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Shapes of records, each read once. For one thread. */
final class Shapes {
  private final Map<Class<?>, RecordShape> shapes = new HashMap<>();
  private final List<SectionEntry> sections;

  /**
   * @param sections those of areas, for whatever place
   */
  Shapes(List<SectionEntry> sections) {
    this.sections = sections;
  }

  RecordShape of(Class<?> type) {
    return shapes.computeIfAbsent(type, it -> RecordShape.of(it, sections));
  }
}

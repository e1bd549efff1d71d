package io.provision.step;

import io.provision.section.SectionEntry;
import java.util.List;

/** What an area has for the catalog: its steps, and its sections of the inventory. */
public record Area(List<StepEntry> steps, List<SectionEntry> sections) {
  public Area {
    steps = List.copyOf(steps);
    sections = List.copyOf(sections);
  }

  /** An area without a section of the inventory. */
  public static Area of(StepEntry... steps) {
    return new Area(List.of(steps), List.of());
  }

  /** The same steps with these sections. */
  public Area with(SectionEntry... sections) {
    return new Area(steps, List.of(sections));
  }
}

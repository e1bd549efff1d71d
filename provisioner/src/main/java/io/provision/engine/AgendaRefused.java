package io.provision.engine;

import io.provision.model.Position;
import io.provision.step.Output;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Steps need what no step provides, or only a later one: the playbook is not complete. Holds all of
 * them.
 */
public final class AgendaRefused extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient List<Gap> gaps;

  /**
   * One need that cannot be met.
   *
   * @param position where the playbook names the step that has it
   */
  public record Gap(Position position, String what) {
    static Gap late(StepRef needing, StepRef providing, Output<?> output) {
      return new Gap(
          needing.position(),
          "'%s' needs '%s', which only '%s' provides, at %s: put that one before it"
              .formatted(needing.name(), output, providing.name(), providing.position()));
    }

    static Gap open(StepRef needing, Output<?> output) {
      return new Gap(
          needing.position(),
          "'%s' needs '%s', which no step of this playbook provides: name the step that does, before it"
              .formatted(needing.name(), output));
    }
  }

  AgendaRefused(List<Gap> gaps) {
    super(gaps.stream().map(Gap::what).collect(Collectors.joining("\n")));
    this.gaps = List.copyOf(gaps);
  }

  /** Never empty. */
  public List<Gap> gaps() {
    return gaps;
  }
}

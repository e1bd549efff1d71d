package io.provision.engine;

import io.provision.model.Position;
import io.provision.step.Output;

/** A step needs what no step provides, or only a later one: the playbook is not complete. */
public final class AgendaRefused extends RuntimeException {
  private final transient Position position;

  AgendaRefused(StepRef needing, StepRef providing, Output<?> output) {
    super(
        "'%s' needs '%s', which only '%s' provides, at %s: put that one before it"
            .formatted(needing.name(), output, providing.name(), providing.position()));
    this.position = needing.position();
  }

  AgendaRefused(StepRef needing, Output<?> output) {
    super(
        "'%s' needs '%s', which no step of this playbook provides: name the step that does, before it"
            .formatted(needing.name(), output));
    this.position = needing.position();
  }

  /** Where the playbook says so. */
  public Position position() {
    return position;
  }
}

package io.provision.engine;

import io.provision.model.Position;
import io.provision.step.Output;

/** A step needs what only a later one provides: the playbook has them in the wrong order. */
public final class AgendaRefused extends RuntimeException {
  private final transient Position position;

  AgendaRefused(StepRef needing, StepRef providing, Output<?> output) {
    super(
        "'%s' needs '%s', which only '%s' provides, at %s: put that one before it"
            .formatted(needing.name(), output, providing.name(), providing.position()));
    this.position = needing.position();
  }

  /** Where the playbook says so. */
  public Position position() {
    return position;
  }
}

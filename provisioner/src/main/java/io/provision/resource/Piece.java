package io.provision.resource;

import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.util.Optional;

/** A piece of desired state that steps are made of. Immutable; both methods are pure. */
public interface Piece {
  Probes probes();

  Check check(Observations seen);

  /** See {@link io.provision.step.Step#whenChanged}. */
  default Optional<Change> whenChanged(String subject) {
    return Optional.empty();
  }
}

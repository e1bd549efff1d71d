package io.provision.resource;

import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;

/** A piece of desired state that steps are made of. Immutable; both methods are pure. */
public interface Piece {
  Probes probes();

  Check check(Observations seen);
}

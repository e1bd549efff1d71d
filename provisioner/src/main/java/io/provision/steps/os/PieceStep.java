package io.provision.steps.os;

import io.provision.resource.Piece;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.Optional;

/** A step that is nothing but a piece of the vocabulary. */
interface PieceStep extends Step<Target.OnHost> {
  Piece piece(Target.OnHost target);

  @Override
  default Probes probes(Target.OnHost target) {
    return piece(target).probes();
  }

  @Override
  default Check check(Target.OnHost target, Observations seen, Known known) {
    return piece(target).check(seen);
  }

  @Override
  default Optional<Change> whenChanged(Target.OnHost target, String subject) {
    return piece(target).whenChanged(subject);
  }
}

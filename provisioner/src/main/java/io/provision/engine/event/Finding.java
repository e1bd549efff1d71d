package io.provision.engine.event;

import io.provision.model.Sha256;
import io.provision.step.Change;
import java.util.Set;

/**
 * What a plan says of one step on one target.
 *
 * @param announced the kinds of change it may come to
 * @param basis digest of what was seen and what follows from it, keyed by the plan: the same basis
 *     is the same change
 */
public record Finding(
    TargetName target, StepRef step, Outcome outcome, Set<Change.Action> announced, Sha256 basis) {
  public Finding {
    announced = Set.copyOf(announced);
  }
}

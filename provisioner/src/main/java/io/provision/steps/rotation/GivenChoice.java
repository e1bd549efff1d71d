package io.provision.steps.rotation;

import io.provision.model.rotation.RotationChoice;
import io.provision.step.Given;

/** What whoever types a rotation allows and wants besides; in a playbook nothing of it. */
public record GivenChoice(RotationChoice choice) implements Given {
  public static final GivenChoice NONE = new GivenChoice(RotationChoice.NONE);
}

package io.provision.engine.playbook;

import io.provision.engine.event.StepRef;
import io.provision.step.Step;
import io.provision.step.Target;

/** A step to be brought about on each target of a play. */
public record Item<T extends Target>(StepRef ref, Step<T> step) {}

package io.provision.steps.kubernetes.preflight;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of what nodes need of their hosts: one line a step. */
public final class PreflightArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              "node-preflight",
              NodePreflight.class,
              "Checks what a node needs of its host before anything is installed; changes nothing."));

  private PreflightArea() {}
}

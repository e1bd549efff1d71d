package io.provision.steps.os.apt;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of apt: one line a step. */
public final class AptArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              "dead-repositories",
              DeadRepositories.class,
              "Takes repositories of Kubernetes' packages out of use that no longer exist."));

  private AptArea() {}
}

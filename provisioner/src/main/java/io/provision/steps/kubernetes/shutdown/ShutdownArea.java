package io.provision.steps.kubernetes.shutdown;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of clusters that go down as a whole. */
public final class ShutdownArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              NotStopped.NAME,
              NotStopped.class,
              "Refuses a host that 'provision stop' has stopped: 'provision start' brings it up."));

  private ShutdownArea() {}
}

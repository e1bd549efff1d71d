package io.provision.steps.os.clock;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of the clock: one line a step. */
public final class ClockArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              "clock-sync", ClockSync.class, "Keeps the clock in sync with a time server."));

  private ClockArea() {}
}

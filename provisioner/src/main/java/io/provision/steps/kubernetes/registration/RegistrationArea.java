package io.provision.steps.kubernetes.registration;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of the registration of nodes: one line a step. */
public final class RegistrationArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              "node-registered",
              NodeRegistered.class,
              "Waits until the cluster hears of a server's own kubelet; without it says why."));

  private RegistrationArea() {}
}

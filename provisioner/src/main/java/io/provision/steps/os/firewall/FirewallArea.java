package io.provision.steps.os.firewall;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of the firewall: one line a step. */
public final class FirewallArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              "firewall",
              Firewall.class,
              "Opens the ports that the roles need in an active firewall."));

  private FirewallArea() {}
}

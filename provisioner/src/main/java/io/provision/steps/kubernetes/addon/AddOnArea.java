package io.provision.steps.kubernetes.addon;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/**
 * What the catalog has of what a cluster runs for as long as the inventory says: one line a step.
 */
public final class AddOnArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              "add-ons-left",
              AddOnsLeft.class,
              "Removes from the cluster what left the inventory, where --remove names it."),
          new StepEntry(
              "add-ons-pinned",
              AddOnsPinned.class,
              "Names what left the inventory and was brought into the cluster from here."));

  private AddOnArea() {}
}

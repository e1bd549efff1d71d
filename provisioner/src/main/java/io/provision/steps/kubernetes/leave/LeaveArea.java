package io.provision.steps.kubernetes.leave;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of nodes that leave a cluster: one line a step. */
public final class LeaveArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              "node-leaves",
              NodeLeaves.class,
              "Keeps the node of a host that leaves from starting again by itself."),
          new StepEntry(
              "node-departures",
              NodeDepartures.class,
              "Takes nodes out of the cluster that have left the inventory, where a run is asked to."),
          new StepEntry(
              "node-wiped",
              NodeWiped.class,
              "Deletes what is left of a node on a host that left its cluster."));

  private LeaveArea() {}
}

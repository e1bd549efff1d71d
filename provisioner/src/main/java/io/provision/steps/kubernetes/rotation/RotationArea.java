package io.provision.steps.kubernetes.rotation;

import io.provision.section.SectionEntry;
import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of reboots. */
public final class RotationArea {
  public static final Area AREA =
      Area.of(
              new StepEntry(
                  NodeReboot.NAME,
                  NodeReboot.class,
                  "Reboots a node that wants it, once it is drained and while all others are healthy and its volumes can do without it."),
              new StepEntry(
                  OtherRebooters.NAME,
                  OtherRebooters.class,
                  "Looks who else reboots nodes of the cluster by itself, such as kured."))
          .with(
              new SectionEntry(
                  "cluster",
                  "rotation",
                  RotationSection.class,
                  "When hosts are rebooted that want it; 'provision rotate' keeps to it."));

  private RotationArea() {}
}

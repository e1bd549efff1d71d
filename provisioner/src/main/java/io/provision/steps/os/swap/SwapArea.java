package io.provision.steps.os.swap;

import io.provision.section.SectionEntry;
import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of swap: one line a step, one a section. */
public final class SwapArea {
  public static final Area AREA =
      Area.of(new StepEntry("swap-off", SwapOff.class, "Turns swap off, now and at boot."))
          .with(
              new SectionEntry(
                  "cluster",
                  "swap",
                  SwapSection.class,
                  "Swap of the hosts: disabled, as a Kubernetes has it where nothing is said, or allowed, which leaves it and has the kubelet run with it."));

  private SwapArea() {}
}

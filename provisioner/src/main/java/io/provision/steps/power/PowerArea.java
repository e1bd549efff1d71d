package io.provision.steps.power;

import io.provision.section.SectionEntry;
import io.provision.step.Area;

/** What the catalog has of the power of hosts. */
public final class PowerArea {
  public static final Area AREA =
      Area.of()
          .with(
              new SectionEntry(
                  "hosts",
                  "power",
                  PowerSection.class,
                  "By what the power of the host is cut and given: ipmi, redfish, libvirt, or programs of your own.",
                  "{ libvirt: \"qemu:///system\", domain: w1 }"));

  private PowerArea() {}
}

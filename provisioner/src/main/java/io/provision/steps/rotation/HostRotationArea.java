package io.provision.steps.rotation;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of reboots of hosts that are no nodes. */
public final class HostRotationArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              HostInUse.NAME,
              HostInUse.class,
              "Takes a host back into use that a killed rotation has left out of it."),
          new StepEntry(
              HostsPresent.NAME,
              HostsPresent.class,
              "Refuses while another run has a host away; changes nothing."),
          new StepEntry(
              HostReboot.NAME,
              HostReboot.class,
              "Reboots a host that wants it and runs no node, while all others are there and its volumes can do without it."),
          new StepEntry(
              SelfReboots.NAME,
              SelfReboots.class,
              "Looks whether a host reboots itself after upgrades (unattended-upgrades)."));

  private HostRotationArea() {}
}

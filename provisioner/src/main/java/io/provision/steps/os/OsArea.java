package io.provision.steps.os;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of hosts, and the plain pieces of any playbook: one line a step. */
public final class OsArea {
  public static final Area AREA =
      Area.of(
          new StepEntry("absent", AbsentStep.class, "Removes what is at these paths."),
          new StepEntry(
              "command",
              CommandStep.class,
              "Runs a program where its guard says that it is still to be run."),
          new StepEntry(
              "directory", DirectoryStep.class, "Makes a directory with its mode and owner."),
          new StepEntry("file", FileStep.class, "Writes a file with its content, mode and owner."),
          new StepEntry(
              "files", FilesStep.class, "Copies all files of a directory beside the playbook."),
          new StepEntry(
              "first-boot", FirstBoot.class, "Waits until cloud-init has set the machine up."),
          new StepEntry(
              "host-facts",
              HostFacts.class,
              "Checks for Debian or Ubuntu with systemd; changes nothing."),
          new StepEntry(
              "hostname", Hostname.class, "Sets the hostname to the one in the inventory."),
          new StepEntry("hosts-entries", HostsEntries.class, "Adds lines to /etc/hosts."),
          new StepEntry(
              "hosts-file", HostsFile.class, "Lists all hosts of the inventory in /etc/hosts."),
          new StepEntry(
              "kernel-modules", KernelModules.class, "Loads kernel modules, now and at boot."),
          new StepEntry(
              "node-address",
              NodeAddressStep.class,
              "Finds the address by which nodes reach this one; changes nothing."),
          new StepEntry(
              "packages",
              PackagesStep.class,
              "Installs packages of the system, by apt, dnf or zypper."),
          new StepEntry(
              "reboot-if-required",
              RebootIfRequired.class,
              "Reboots a host without a role that says that it wants it, and comes back to it."),
          new StepEntry("sysctl", Sysctls.class, "Sets kernel parameters, now and at boot."),
          new StepEntry("template", TemplateStep.class, "Renders a template to a file."),
          new StepEntry(
              "unit", UnitStep.class, "Runs a systemd unit; restarts when its files change."),
          new StepEntry("user", UserStep.class, "Creates a user with shell, groups and keys."));

  private OsArea() {}
}

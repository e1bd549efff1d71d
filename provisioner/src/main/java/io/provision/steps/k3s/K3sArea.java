package io.provision.steps.k3s;

import io.provision.section.SectionEntry;
import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of k3s: one line a step, and one for each place of its section. */
public final class K3sArea {
  private static final String EXAMPLE = "{ disable: [traefik] }";

  public static final Area AREA =
      Area.of(
              new StepEntry(
                  "k3s-adoption",
                  K3sAdoption.class,
                  "Says how a k3s that somebody else installed is taken over; changes nothing."),
              new StepEntry(
                  "k3s-agent",
                  K3sAgent.class,
                  "Runs k3s as an agent; restarts when its files change."),
              new StepEntry(
                  "k3s-artifacts",
                  K3sArtifacts.class,
                  "Downloads, checks and pins k3s on this machine."),
              new StepEntry(
                  "k3s-binary",
                  K3sBinary.class,
                  "Installs the k3s program of the declared version."),
              new StepEntry(
                  "k3s-config", K3sConfig.class, "Writes config.yaml of k3s from the inventory."),
              new StepEntry(
                  "k3s-images",
                  K3sImages.class,
                  "Loads the images of k3s, where the artifact directory has them."),
              new StepEntry(
                  "k3s-registries",
                  K3sRegistries.class,
                  "Configures mirrors and logins of image registries."),
              new StepEntry(
                  "k3s-server",
                  K3sServer.class,
                  "Runs k3s as a server until it answers; restarts when its files change."),
              new StepEntry(
                  "k3s-settings",
                  K3sSettings.class,
                  "Writes settings of kubelet, kube-proxy and containerd to files that k3s reads."),
              new StepEntry(
                  "k3s-settings-left",
                  K3sSettingsLeft.class,
                  "Removes files of such settings that the inventory does not ask for any more."),
              new StepEntry(
                  "k3s-state",
                  K3sState.class,
                  "Reads what k3s is on the host now; changes nothing."),
              new StepEntry(
                  "k3s-token",
                  K3sToken.class,
                  "Writes the tokens that nodes join with, readable by root only."),
              new StepEntry(
                  "k3s-upgrade",
                  K3sUpgrade.class,
                  "Drains and upgrades nodes that run an older k3s, one by one."))
          .with(
              new SectionEntry(
                  "cluster",
                  K3sSection.KEY,
                  K3sSection.class,
                  "Settings of k3s, as in its config.yaml.",
                  EXAMPLE),
              new SectionEntry(
                  "hosts",
                  K3sSection.KEY,
                  K3sSection.class,
                  "Settings of this host's k3s.",
                  EXAMPLE));

  private K3sArea() {}
}

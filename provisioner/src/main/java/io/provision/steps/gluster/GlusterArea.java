package io.provision.steps.gluster;

import io.provision.section.SectionEntry;
import io.provision.step.Area;
import io.provision.step.StepEntry;
import io.provision.steps.gluster.brick.GlusterBrick;
import io.provision.steps.gluster.brick.GlusterDisk;
import io.provision.steps.gluster.brick.GlusterServer;
import io.provision.steps.gluster.declared.GlusterSection;
import io.provision.steps.gluster.gate.GlusterGateStep;
import io.provision.steps.gluster.gate.GlusterHealth;
import io.provision.steps.gluster.leave.GlusterDepartures;
import io.provision.steps.gluster.leave.GlusterDropIn;
import io.provision.steps.gluster.leave.GlusterNames;
import io.provision.steps.gluster.leave.GlusterTrace;
import io.provision.steps.gluster.leave.GlusterUnmount;
import io.provision.steps.gluster.mount.GlusterDirectories;
import io.provision.steps.gluster.mount.GlusterMount;
import io.provision.steps.gluster.pool.GlusterIdentity;
import io.provision.steps.gluster.pool.GlusterPool;
import io.provision.steps.gluster.volume.GlusterOnline;
import io.provision.steps.gluster.volume.GlusterRebalance;
import io.provision.steps.gluster.volume.GlusterVolumes;

/** What the catalog has of GlusterFS: one line a step, one a section. */
public final class GlusterArea {
  public static final Area AREA =
      Area.of(
              new StepEntry("gluster-server", GlusterServer.class, "Installs and starts glusterd."),
              new StepEntry(
                  "gluster-identity",
                  GlusterIdentity.class,
                  "Checks that no two storage hosts have the same UUID."),
              new StepEntry(
                  "gluster-pool",
                  GlusterPool.class,
                  "Joins all storage hosts into one trusted pool."),
              new StepEntry(
                  "gluster-disk",
                  GlusterDisk.class,
                  "Makes and mounts the file systems of brick devices."),
              new StepEntry(
                  "gluster-departures",
                  GlusterDepartures.class,
                  "Removes hosts and volumes that left the inventory, where --remove names them."),
              new StepEntry(
                  "gluster-names",
                  GlusterNames.class,
                  "Keeps /etc/hosts lines of hosts that are still in the pool."),
              new StepEntry(
                  "gluster-drop-in",
                  GlusterDropIn.class,
                  "Removes our settings of glusterd where a host left the pool."),
              new StepEntry(
                  "gluster-trace",
                  GlusterTrace.class,
                  "Finds what left the inventory; changes nothing."),
              new StepEntry(
                  "gluster-unmount",
                  GlusterUnmount.class,
                  "Unmounts volumes that left the inventory, where --remove names them."),
              new StepEntry(
                  "gluster-brick", GlusterBrick.class, "Makes the directories of bricks."),
              new StepEntry(
                  "gluster-health",
                  GlusterHealth.class,
                  "Reads the state of pool and volumes; changes nothing."),
              new StepEntry(
                  "gluster-gate",
                  GlusterGateStep.class,
                  "Checks that GlusterFS is healthy, also without a host; changes nothing."),
              new StepEntry(
                  "gluster-volume",
                  GlusterVolumes.class,
                  "Creates and starts volumes, and sets their options."),
              new StepEntry(
                  "gluster-online",
                  GlusterOnline.class,
                  "Starts bricks and self-heal daemons that are down."),
              new StepEntry(
                  "gluster-rebalance",
                  GlusterRebalance.class,
                  "Moves files to bricks that were added."),
              new StepEntry(
                  "gluster-directories",
                  GlusterDirectories.class,
                  "Makes the directories of declared PersistentVolumes in the volume."),
              new StepEntry(
                  "gluster-mount", GlusterMount.class, "Mounts volumes, now and at boot."))
          .with(
              new SectionEntry(
                  "cluster.storage",
                  "gluster",
                  GlusterSection.class,
                  "GlusterFS on the hosts with role storage."));

  private GlusterArea() {}
}

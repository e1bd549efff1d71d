package io.provision.steps.gluster.declared;

import io.provision.model.Cluster;
import java.util.List;

/** What an inventory declares of GlusterFS. */
public record GlusterStorage(List<GlusterVolume> volumes, Images images) {
  private static final GlusterStorage NONE = new GlusterStorage(List.of(), Images.USUAL);

  /**
   * The images that storage classes need.
   *
   * @param provisioner of rancher/local-path-provisioner, v0.0.23 or later (sharedFileSystemPath)
   * @param helper with a shell, to make and remove directories
   */
  public record Images(String provisioner, String helper) {
    /** https://github.com/rancher/local-path-provisioner/releases, the newest of August 2026. */
    public static final Images USUAL =
        new Images("rancher/local-path-provisioner:v0.0.37", "busybox:1.37.0");
  }

  public GlusterStorage {
    volumes = List.copyOf(volumes);
  }

  /** That of a cluster; without volumes where its inventory says nothing. */
  public static GlusterStorage of(Cluster cluster) {
    return cluster.sections().find(GlusterStorage.class).orElse(NONE);
  }
}

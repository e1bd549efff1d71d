package io.provision.steps.storage;

import io.provision.step.Area;
import io.provision.step.StepEntry;

/** What the catalog has of storage for what runs in a cluster: one line a step. */
public final class StorageArea {
  public static final Area AREA =
      Area.of(
          new StepEntry(
              "gluster-storage-class",
              GlusterStorageClass.class,
              "Provides storage classes on mounted volumes, writable from every node."),
          new StepEntry(
              "gluster-persistent-volumes",
              GlusterPersistentVolumes.class,
              "Declares directories of mounted volumes as PersistentVolumes."),
          new StepEntry(
              "manifest",
              ManifestStep.class,
              "Applies the objects of a YAML file to the cluster."));

  private StorageArea() {}
}

package io.provision.steps.gluster.volume;

import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.declared.GlusterVolume;

/** Kinds of volumes in words. */
public final class VolumeKinds {
  private VolumeKinds() {}

  public static String words(VolumeInfo volume) {
    return words(volume.kind(), volume.setSize(), volume.redundancy());
  }

  public static String words(GlusterVolume declared) {
    return words(declared.kind(), declared.replica(), declared.redundancy());
  }

  private static String words(GlusterVolume.Kind kind, int size, int redundancy) {
    return switch (kind) {
      case REPLICATED -> "replica " + size;
      case ARBITER -> "replica %d with arbiter".formatted(size);
      case DISTRIBUTED -> "distributed";
      case DISPERSED -> "dispersed over %d with redundancy %d".formatted(size, redundancy);
    };
  }
}

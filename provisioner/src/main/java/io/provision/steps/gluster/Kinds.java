package io.provision.steps.gluster;

import io.provision.model.GlusterVolume;

/** Kinds of volumes in words. */
final class Kinds {
  private Kinds() {}

  static String words(GlusterVolume.Kind kind, int size) {
    return switch (kind) {
      case REPLICATED -> "replica " + size;
      case ARBITER -> "replica %d with arbiter".formatted(size);
      case DISTRIBUTED -> "distributed";
      case DISPERSED -> "dispersed over " + size;
    };
  }
}

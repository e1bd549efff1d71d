package io.provision.steps.kubeadm.etcd;

import java.util.Locale;

/** Sizes for people. */
final class ByteSize {
  private ByteSize() {}

  static String text(long bytes) {
    if (bytes < 1 << 20) {
      return (bytes + 1023) / 1024 + " kB";
    }
    return bytes < 1 << 30
        ? (bytes >> 20) + " MB"
        : String.format(Locale.ROOT, "%.1f GB", bytes / (double) (1 << 30));
  }
}

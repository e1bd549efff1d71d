package io.provision.steps.kubernetes.shutdown;

import java.util.Locale;

/** How far down a host is; each is deeper than the one before it. */
public enum ShutdownPhase {
  /** In use. */
  NONE,
  /** On its way, in either direction: it may be cordoned by us, and its node runs or is begun. */
  BEGUN,
  /** Its node is cordoned, by us or by somebody else. */
  CLAIMED,
  /** As {@link #EMPTY}, and what it serves of volumes has begun again. */
  SERVED,
  /** Its pods have ended. */
  EMPTY,
  /** Its node runs no more, and no volume is mounted. */
  DOWN,
  /** It serves no volume any more: all that is ours has ended. */
  STOPPED;

  /** As it stands on the host. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  boolean isAtLeast(ShutdownPhase other) {
    return compareTo(other) >= 0;
  }
}

package io.provision.model.rotation;

import java.util.List;

/**
 * Something that is learnt of a host on its way through a reboot, for whoever sums it up. What
 * nobody told is not known.
 */
public sealed interface Fact {

  /** Why it wants a reboot; no reasons where it wants none. */
  record Wanted(List<String> reasons) implements Fact {
    public Wanted {
      reasons = List.copyOf(reasons);
    }
  }

  /** The kernel that runs. */
  record Kernel(String release) implements Fact {}

  /** Whoever works on it runs there. */
  record RunsThis() implements Fact {}

  /** It was taken out of use. */
  record OutOfUse() implements Fact {}

  /** It is about to be told to reboot. */
  record Rebooting() implements Fact {}

  /** Another boot than before was seen. */
  record Rebooted() implements Fact {}

  /** It was given back. */
  record InUse() implements Fact {}

  /** So many pods run on its node. */
  record Pods(int running) implements Fact {}

  /** So many entries of all volumes wait to be healed. */
  record Unhealed(long entries) implements Fact {}
}

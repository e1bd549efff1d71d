package io.provision.simulated;

/**
 * One event of the simulated world.
 *
 * @param at in milliseconds of its clock
 * @param by which run, or {@code admin}, or {@code world} for what comes by itself
 * @param node or the pod, of which it is
 * @param detail what else there is to say
 */
record Happening(long at, String by, What what, String node, String detail) {

  enum What {
    CORDONED,
    UNCORDONED,
    CLAIMED,
    UNCLAIMED,
    /** {@code node} is who had the lease, {@code detail} who has it now; empty for nobody. */
    LEASE,
    MARKED,
    UNMARKED,
    /** A gate of {@code node} is open; {@code detail} says which. */
    PASSED,
    BRICK_ENDED,
    BRICK_BEGAN,
    HEAL_PENDING,
    HEALED,
    API_ENDED,
    API_BEGAN,
    REBOOT_ORDERED,
    DOWN,
    UP,
    SERVER_DOWN,
    SERVER_UP,
    KUBELET_DOWN,
    KUBELET_UP,
    /** {@code node} is the pod, {@code detail} what it is of, and where. */
    POD_READY,
    POD_UNREADY,
    /** {@code node} is the pod, {@code detail} where it is. */
    EVICTED,
    /** For {@code detail} milliseconds, whatever it had asked before. */
    STOOD_STILL,
    WINDOW_SHUT,
    WINDOW_OPENED,
    RUN_BEGAN,
    KILLED,
    RUN_ENDED
  }

  @Override
  public String toString() {
    return "%6.1f s %s: %s %s %s".formatted(at / 1000.0, by, what, node, detail).strip();
  }
}

package io.provision.steps.rotation;

import java.util.Locale;

/** How far a host's turn has come, as checks and hooks of the user's find it. */
public enum Phase {
  BEFORE_DRAIN(
      "before the drain",
      "the host was left as it is: see why, then run the same command again, or take the check out"
          + " of the inventory"),
  BEFORE_REBOOT(
      "before the reboot",
      "the host is given back and was not rebooted: see why, then run the same command again"),
  AFTER_RETURN(
      "after the return",
      "the host is back and given back, and no other one goes: see why, then run the same command"
          + " again");

  private final String words;
  private final String remedy;

  Phase(String words, String remedy) {
    this.words = words;
    this.remedy = remedy;
  }

  /** As {@code PROVISION_PHASE} says it: {@code before_drain}. */
  String word() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** For people. */
  String words() {
    return words;
  }

  /** What to do where a check does not pass. */
  String remedy() {
    return remedy;
  }
}

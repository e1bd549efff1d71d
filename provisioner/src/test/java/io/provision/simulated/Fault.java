package io.provision.simulated;

import java.time.Duration;

/** What happens meanwhile. */
enum Fault {
  NOTHING,
  ADMIN_CORDONS_ANOTHER,
  ADMIN_UNCORDONS_OURS,
  ADMIN_CORDONS_OURS,
  ANOTHER_IS_NOT_READY,
  ANOTHER_DIES,
  ANOTHER_SERVER_ENDS,
  BRICK_ELSEWHERE_ENDS,
  SOMETHING_TO_HEAL,
  API_SILENT,
  REBOOT_SWALLOWED,
  NEVER_BACK,
  WINDOW_SHUTS,
  /** The same command from another machine. */
  SECOND_RUN,
  /** Another one that would take out a host that this one leaves alone. */
  SECOND_RUN_ELSEWHERE,
  /** The same, while this one stands still: the lid of its laptop is shut. */
  STANDS_STILL,
  /** The same, until that one is in the middle of its work. */
  STANDS_STILL_A_WHILE;

  private static final Duration SILENT = Duration.ofMinutes(2);
  private static final Duration HEALING = Duration.ofMinutes(4);

  /** Whether it shows only once a reboot is ordered. */
  boolean isOfTheNextReboot() {
    return this == REBOOT_SWALLOWED || this == NEVER_BACK;
  }

  /** Of second runs it is the schedule that begins them. */
  void happens(World world) {
    var ours = world.of(world.ours);
    var another = world.of(world.ours.equals("n3") ? "n1" : "n3");
    switch (this) {
      case ADMIN_CORDONS_ANOTHER -> world.cordon("admin", another.name, true);
      case ADMIN_UNCORDONS_OURS -> world.cordon("admin", ours.name, false);
      case ADMIN_CORDONS_OURS -> world.cordon("admin", ours.name, true);
      case ANOTHER_IS_NOT_READY ->
          world.tooMany(another).forEach(it -> world.kubeletEnds("world", it));
      case ANOTHER_DIES -> world.tooMany(another).forEach(it -> world.ends("world", it));
      case ANOTHER_SERVER_ENDS -> world.serverEnds("world", another);
      case BRICK_ELSEWHERE_ENDS -> world.brickEnds("world", another);
      case SOMETHING_TO_HEAL -> world.waitsToBeHealed(another, HEALING);
      case API_SILENT -> world.apiSilent(SILENT);
      case REBOOT_SWALLOWED -> ours.swallows = true;
      case NEVER_BACK -> ours.staysDown = true;
      case WINDOW_SHUTS -> world.windowShut(true);
      case NOTHING, SECOND_RUN, SECOND_RUN_ELSEWHERE, STANDS_STILL, STANDS_STILL_A_WHILE -> {}
    }
  }
}

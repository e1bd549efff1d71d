package io.provision.simulated;

/** What must hold, whatever happens: P7 at every event, P8 once a run was made again. */
enum Property {
  /** Or as many as are allowed. */
  ONE_AT_A_TIME,
  /** With those that are not there for any other reason. */
  NO_MORE_ARE_MISSING,
  FOREIGN_CORDONS_STAY,
  QUORUM_OF_VOTERS,
  GATES_ARE_FRESH,
  STORAGE_STAYS_WHOLE,
  LAST_REPLICA_STAYS,
  /** What goes must not come back at once. */
  ONLY_CORDONED_ARE_EMPTIED,
  /** Whoever moves pods has the turn: another one would drain meanwhile. */
  PODS_MOVE_IN_A_TURN,
  DRAINED_BEFORE_ITS_REBOOT,
  ONE_HAS_THE_LEASE,
  WHOLE_WHEN_GIVEN_BACK,
  /** However long its turn took until then. */
  REBOOTS_IN_A_WINDOW,
  NO_NEEDLESS_REBOOT,
  /** P8: nothing is left out of use by us. */
  NOTHING_IS_LEFT,
  /** P8: all that wanted a reboot has had it, or it is said why not. */
  DONE_OR_SAID
}

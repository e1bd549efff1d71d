package io.provision.step;

import java.time.Duration;
import java.util.List;

/** What an area asks and does where a host goes away for a while, and comes back. */
public interface Absence {

  /** Waits until the host may go, as it is at that moment. */
  List<Repair.AwaitHosts> beforeItGoes(Target.OnHost target, Duration patience);

  /** What is ended at last, once it may go and does. */
  List<Repair> asItGoes(Target.OnHost target);

  /**
   * Begins again what {@link #asItGoes} has ended, where it runs no more; also if it never went.
   */
  List<Repair> onceItStays(Target.OnHost target);

  /** Waits until all of this area is back on the host, and makes up for what it missed. */
  List<Repair.AwaitHosts> onceItIsBack(Target.OnHost target, Duration patience);

  /** Whether no other host may be away with it, however many its user allows. */
  default boolean wantsAllOthers(Target.OnHost target) {
    return false;
  }
}

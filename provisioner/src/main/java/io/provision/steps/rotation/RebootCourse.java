package io.provision.steps.rotation;

import io.provision.model.rotation.Fact;
import io.provision.step.Absences;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Repair;
import io.provision.step.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * What a reboot has in common, whatever runs on a host: whom it asks before, and what it awaits.
 */
public record RebootCourse(Absences absences, Target.OnHost target) {
  /** A host wants no reboot, or had it. */
  public static final Output<Boolean> REBOOTED = new Output<>("node-rebooted", Boolean.class);

  private static final Duration PATIENCE = Duration.ofMinutes(15);

  /** Until what holds data may do without this host: it may have to make up for another one. */
  private static final Duration BEFORE = Duration.ofMinutes(30);

  /** The same once it is out of use: it was so before. */
  private static final Duration AGAIN = Duration.ofMinutes(10);

  /** The same right before its reboot: what was asked besides is not to be old by then. */
  private static final Duration LAST = Duration.ofSeconds(20);

  /** Until its data have made up for what was written while it was away. */
  private static final Duration BACK = Duration.ofMinutes(60);

  /** Its reboot would end this run; those behind it need not wait for it. */
  public static Observed leftOut() {
    return Observed.of(REBOOTED, true)
        .and(
            Observed.noting(
                "it wants a reboot and is left out, since this command runs on it: run it from"
                    + " another machine, or reboot it yourself"));
  }

  /** Waits until it may be taken out of use. */
  public List<Repair> before() {
    var parts = new ArrayList<Repair>(absences.beforeItGoes(target, BEFORE));
    parts.addAll(own().checked(Phase.BEFORE_DRAIN, BEFORE, List.of()));
    return parts;
  }

  /** What its user wants asked and run. */
  public OwnCourse own() {
    return new OwnCourse(target);
  }

  /**
   * Waits until it may still go, once it is out of use.
   *
   * @param givenUp what takes it back into use where it may not
   */
  public List<Repair> still(Repair givenUp) {
    var parts = new ArrayList<>(gates(AGAIN, givenUp));
    parts.addAll(own().checked(Phase.BEFORE_REBOOT, AGAIN, List.of(givenUp)));
    return parts;
  }

  private List<Repair> gates(Duration patience, Repair givenUp) {
    return absences.beforeItGoes(target, patience).stream()
        .<Repair>map(gate -> gate.otherwise(List.of(givenUp)))
        .toList();
  }

  /**
   * Asks all once more, since whoever was asked first may have been asked long before the last one
   * said yes: what holds data behind the checks of its user.
   *
   * @param givenUp as of {@link #still}
   */
  public List<Repair> lastly(Repair givenUp) {
    var parts = new ArrayList<>(own().checked(Phase.BEFORE_REBOOT, LAST, List.of(givenUp)));
    parts.addAll(gates(LAST, givenUp));
    return parts;
  }

  /**
   * Its reboot, behind {@link #lastly}, and while a window is open still.
   *
   * @param givenUp as of {@link #still}
   */
  public List<Repair> away(Repair givenUp) {
    var parts = new ArrayList<>(lastly(givenUp));
    var window = RebootWindow.still(target);
    if (!window.isEmpty()) {
      parts.add(new Repair.Guarded(window, List.of(givenUp)));
    }
    parts.addAll(absences.asItGoes(target));
    parts.add(new Repair.Reboot(PATIENCE, absences.onceItStays(target)));
    return parts;
  }

  /** Waits until all of it is back. */
  public List<Repair> back() {
    var parts = new ArrayList<>(absences.onceItStays(target));
    parts.addAll(absences.onceItIsBack(target, BACK));
    return parts;
  }

  /** Has a host that is no node be back in use. */
  Repair inUse() {
    var unmarked = new Repair.OnHost(OutOfUse.unmarked(OutOfUse.MARKER));
    var told = new Repair.Tell(new Fact.InUse());
    return Repair.together(own().afterReturn(List.of(), List.of(unmarked, told)));
  }

  /**
   * Gives it back, once the checks of its user pass; also where they do not: it is well itself, and
   * out of use it helps nobody.
   *
   * @param otherwise where they do not
   */
  public List<Repair> givenBack(Repair givenBack, Repair otherwise) {
    var parts = new ArrayList<>(own().checked(Phase.AFTER_RETURN, BEFORE, List.of(otherwise)));
    parts.add(givenBack);
    return parts;
  }
}

package io.provision.cli.run;

import io.provision.engine.event.Report;

/** How the program ends; the table that the README shows. */
public enum ExitCode {
  DONE(0, "done, or nothing to do"),
  FAILED(1, "a step failed"),
  REFUSED(2, "input or usage refused"),
  PENDING(
      3, "plan --detailed-exitcode: changes pending, something unknown, or something that left"),
  UNREACHABLE(4, "hosts unreachable or lost (the others were finished)"),
  PLAN_MOVED(5, "a saved plan no longer fits"),
  LOCKED(6, "locked by another run"),
  UNSAFE(7, "a safety check failed (gluster, etcd, certificates, windows, doctor)"),
  BUG(70, "a bug in provision"),
  OUTPUT_LOST(74, "done, but something that was asked for could not be written"),
  INTERRUPTED(130, "interrupted");

  private final int code;
  private final String meaning;

  ExitCode(int code, String meaning) {
    this.code = code;
    this.meaning = meaning;
  }

  public int code() {
    return code;
  }

  public String meaning() {
    return meaning;
  }

  /** This, where something that was asked for could not be written: that is no success. */
  public ExitCode orLost() {
    return this == DONE || this == PENDING ? OUTPUT_LOST : this;
  }

  /**
   * Where several apply: interrupted, then stopped, then unsafe, then held, then failed, then
   * unreachable.
   */
  public static ExitCode of(Report report) {
    if (report.interrupted()) {
      return INTERRUPTED;
    }
    if (report.stopped().isPresent()) {
      return switch (report.stopped().get()) {
        case Report.Stop.Locked _ -> LOCKED;
        case Report.Stop.PlanMoved _ -> PLAN_MOVED;
        case Report.Stop.NothingLeaves _, Report.Stop.NotAgreed _ -> REFUSED;
      };
    }
    var total = report.total();
    if (total.unsafe() > 0) {
      return UNSAFE; // what failed besides may have waited for it
    }
    if (total.held() > 0) {
      return LOCKED;
    }
    if (total.failed() > 0) {
      return FAILED;
    }
    return total.unreachable() > 0 ? UNREACHABLE : DONE;
  }

  /** As {@link #of}, but a plan that is not in sync has a code of its own. */
  public static ExitCode detailed(Report report) {
    var code = of(report);
    var total = report.total();
    return code == DONE && total.wouldChange() + total.pending() + total.leaving() > 0
        ? PENDING
        : code;
  }
}

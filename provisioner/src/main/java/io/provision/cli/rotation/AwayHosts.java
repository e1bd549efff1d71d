package io.provision.cli.rotation;

import io.provision.cli.run.ExitCode;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.steps.rotation.HostsPresent;

/** Whether another run has a host away: then this one ends as where a host is locked. */
public final class AwayHosts implements RunListener {
  private volatile boolean found;

  @Override
  public void on(RunEvent event) {
    if (event instanceof RunEvent.StepFinished(_, var step, var outcome, _)
        && step.name().equals(HostsPresent.NAME)
        && outcome instanceof Outcome.Failed) {
      found = true;
    }
  }

  /** How it ends, where this is how it would. */
  public ExitCode code(ExitCode otherwise) {
    return found && (otherwise == ExitCode.FAILED || otherwise == ExitCode.UNREACHABLE)
        ? ExitCode.LOCKED
        : otherwise;
  }
}

package io.provision.cli.rotation;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.steps.kubernetes.rotation.NodeReboot;
import io.provision.steps.rotation.HostReboot;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/** Hosts that want a reboot, and whose turn came while no window was open. */
public final class WaitingNodes implements RunListener {
  private final SortedSet<String> names = new TreeSet<>();

  @Override
  public synchronized void on(RunEvent event) {
    if (event instanceof RunEvent.StepFinished(var target, var step, var outcome, _)
        && (step.name().equals(NodeReboot.NAME) || step.name().equals(HostReboot.NAME))
        && outcome instanceof Outcome.Skipped) {
      names.add(target.toString());
    }
  }

  public synchronized List<String> names() {
    return List.copyOf(names);
  }
}

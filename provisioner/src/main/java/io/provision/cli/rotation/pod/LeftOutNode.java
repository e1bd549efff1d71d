package io.provision.cli.rotation.pod;

import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.TargetName;
import io.provision.model.HostName;
import io.provision.model.rotation.Fact;
import java.util.HashSet;
import java.util.Set;

/** Which hosts want a reboot and were left out, since whoever works on them runs there. */
public final class LeftOutNode implements RunListener {
  private final Set<TargetName> wanting = new HashSet<>();
  private final Set<TargetName> running = new HashSet<>();

  @Override
  public synchronized void on(RunEvent event) {
    if (event instanceof RunEvent.Learnt(var target, var fact)) {
      switch (fact) {
        case Fact.Wanted(var reasons) -> {
          if (reasons.isEmpty()) {
            wanting.remove(target);
          } else {
            wanting.add(target);
          }
        }
        case Fact.RunsThis _ -> running.add(target);
        case Fact.Kernel _,
            Fact.OutOfUse _,
            Fact.Rebooting _,
            Fact.Rebooted _,
            Fact.InUse _,
            Fact.Pods _,
            Fact.Unhealed _ -> {}
      }
    }
  }

  public synchronized boolean waits(HostName node) {
    var target = TargetName.of(node);
    return wanting.contains(target) && running.contains(target);
  }
}

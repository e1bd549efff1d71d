package io.provision.console;

import io.provision.console.text.Names;
import io.provision.console.text.Visible;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.TargetName;
import java.util.List;
import java.util.concurrent.ConcurrentSkipListMap;

/** Which repairs are under way, for the moment somebody leaves in the middle. For any thread. */
final class InHand implements RunListener {
  private final ConcurrentSkipListMap<TargetName, String> steps =
      new ConcurrentSkipListMap<>(Names::naturally);

  @Override
  public void on(RunEvent event) {
    switch (event) {
      case RunEvent.StepStarted(var target, var step, _) -> steps.put(target, step.name());
      case RunEvent.StepFinished(var target, _, _, _) -> steps.remove(target);
      case RunEvent.TargetFinished(var target, _) -> steps.remove(target);
      case RunEvent.TargetFailed(var target, _) -> steps.remove(target);
      default -> {}
    }
  }

  /** For example {@code w1: kernel-modules}. */
  List<String> list() {
    return steps.entrySet().stream()
        .map(entry -> entry.getKey() + ": " + Visible.prose(entry.getValue()))
        .toList();
  }
}

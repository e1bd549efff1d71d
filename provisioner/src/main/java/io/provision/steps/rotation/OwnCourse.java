package io.provision.steps.rotation;

import io.provision.desk.Outside;
import io.provision.model.Cluster;
import io.provision.model.rotation.Hook;
import io.provision.model.rotation.OwnSteps;
import io.provision.model.rotation.Rotation;
import io.provision.step.Repair;
import io.provision.step.Repair.HookRun;
import io.provision.step.Target;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What a user wants asked and run around the reboot of a host: checks that must pass before it is
 * taken out of use, before its reboot, and before it is given back; hooks before its drain and
 * after its return. Where there is none, none of it is anything.
 *
 * <p>From the moment on at which the first hook before the drain has begun, those after the return
 * are run wherever the host is given back: what one has taken away, the other brings back. A run
 * that is killed in between has them run by the next one, maybe twice.
 */
public record OwnCourse(Target.OnHost target) {
  private OwnSteps own() {
    return Rotation.of(target.inventory()).own();
  }

  /**
   * Waits until all checks pass.
   *
   * @param otherwise what is done where they do not; nothing where nothing was begun
   */
  public List<Repair> checked(Phase phase, Duration patience, List<Repair> otherwise) {
    if (own().checks().isEmpty()) {
      return List.of();
    }
    var checks = new Repair.AwaitChecks(own().checks(), occasion(phase), patience, phase.remedy());
    return List.of(otherwise.isEmpty() ? checks : new Repair.Guarded(List.of(checks), otherwise));
  }

  public boolean hasHooks() {
    return !own().beforeDrain().isEmpty() || !own().afterReturn().isEmpty();
  }

  /** The hooks before its drain, up to the first that fails. */
  public List<Repair> beforeDrain() {
    return hooks(own().beforeDrain(), Phase.BEFORE_DRAIN, false);
  }

  /** The hooks after its return, all of them. */
  public List<Repair> afterReturn() {
    return hooks(own().afterReturn(), Phase.AFTER_RETURN, true);
  }

  /**
   * The hooks after its return and what comes behind them, and then what says that it is back: that
   * is said also where one fails, since the host is well. A run that is killed before has them run
   * by the next one.
   *
   * @param more where all hooks end well
   */
  public List<Repair> afterReturn(List<Repair> more, List<Repair> end) {
    var guarded = new ArrayList<>(afterReturn());
    guarded.addAll(more);
    if (guarded.isEmpty()) {
      return end;
    }
    var parts = new ArrayList<Repair>();
    parts.add(new Repair.Guarded(guarded, end));
    parts.addAll(end);
    return parts;
  }

  private List<Repair> hooks(List<Hook> hooks, Phase phase, boolean all) {
    return hooks.isEmpty()
        ? List.of()
        : List.of(new Repair.RunHooks(hooks.stream().map(it -> run(it, phase)).toList(), all));
  }

  private HookRun run(Hook hook, Phase phase) {
    var way =
        switch (hook.place()) {
          case HERE -> new HookRun.Way.Here(hook.command(), occasion(phase));
          case HOST ->
              new HookRun.Way.There(
                  HookScript.of(hook, target.host().name().value(), cluster(), phase));
        };
    return new HookRun(hook.name(), phase.words(), hook.within(), way);
  }

  /** Nothing secret: whoever wants that reads it where it is kept. */
  private Outside.Occasion occasion(Phase phase) {
    return new Outside.Occasion(
        target.inventory().directory(),
        Map.of(
            "PROVISION_HOST",
            target.host().name().value(),
            "PROVISION_CLUSTER",
            cluster(),
            "PROVISION_PHASE",
            phase.word()));
  }

  private String cluster() {
    return target.inventory().cluster().map(Cluster::name).orElse("");
  }
}

package io.provision.steps.gluster.leave;

import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.remote.Script;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Departure;
import io.provision.step.Known;
import io.provision.step.Orphan;
import io.provision.step.Output;
import io.provision.step.Repair;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.answers.VolumeStatus;
import io.provision.steps.gluster.brick.WayBack;
import io.provision.steps.gluster.gate.GlusterGate;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * How a volume that the inventory does not name any more leaves: only with our mark, and unused.
 */
record LeftoverVolumes(
    GlusterGate.View view,
    Map<HostName, GlusterTrace.Trace> traces,
    Inventory inventory,
    Known known) {
  /** The volumes that are mounted on a host by units of ours. */
  static final Output<NameSet> MOUNTED = new Output<>("gluster-mounted", NameSet.class);

  static Orphan orphan(String volume) {
    return new Orphan("volume", volume);
  }

  Departure departure(VolumeInfo volume) {
    var changes = changes(volume);
    var refusal = refusal(volume, view, traces).or(() -> inUse(volume));
    return new Departure(
        Set.of(orphan(volume.name())),
        changes,
        refusal.orElseGet(() ->
            new Check.Drift(
                changes,
                new Repair.OnHost(
                    Script.of(LeavingScripts.DELETE, volume.name(), WayBack.command(volume))
                        .within(Duration.ofMinutes(15))))),
        "",
        WayBack.ofVolume(volume));
  }

  static List<Change> changes(VolumeInfo volume) {
    return List.of(
        Change.of(
            Change.Action.REMOVE,
            "volume " + volume.name(),
            volume.started() ? "started" : "stopped",
            "deleted; its files are kept in " + WayBack.places(volume)));
  }

  /** Why it must not be removed at all, as every host can say that knows these traces. */
  static Optional<Check> refusal(
      VolumeInfo volume, GlusterGate.View view, Map<HostName, GlusterTrace.Trace> traces) {
    if (!isOurs(volume, traces)) {
      return Optional.of(
          new Check.Refused(
              "volume %s does not carry our mark: somebody else made it".formatted(volume.name()),
              "remove it by hand ('gluster volume stop', 'gluster volume delete') if nobody needs"
                  + " it, or declare it in the inventory"));
    }
    var running =
        view.seen().values().stream()
            .flatMap(seen -> seen.asked().stream())
            .flatMap(asked -> Optional.ofNullable(asked.status().get(volume.name())).stream())
            .flatMap(status -> status.value().stream())
            .flatMap(status -> status.tasks().stream())
            .filter(VolumeStatus.Task::isRunning)
            .findFirst();
    if (running.isPresent()) {
      return Optional.of(
          new Check.Refused(
              "%s of volume %s is %s"
                  .formatted(running.get().type(), volume.name(), running.get().status()),
              "wait for its end, or stop it"));
    }
    var unseen = view.storage().stream().filter(host -> !view.seen().containsKey(host)).toList();
    return unseen.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "%s was not reached, and would not know that volume %s is deleted"
                    .formatted(NameSet.joined(unseen.stream()), volume.name()),
                "bring it back first, then run again"));
  }

  /** Every brick of it on a host that answered has our mark, and there is one. */
  static boolean isOurs(VolumeInfo volume, Map<HostName, GlusterTrace.Trace> traces) {
    var byUuid = new HashMap<String, GlusterTrace.Trace>();
    traces.values().forEach(trace -> byUuid.put(trace.seen().uuid(), trace));
    var heard = volume.bricks().stream().filter(brick -> byUuid.containsKey(brick.uuid())).toList();
    return !heard.isEmpty()
        && heard.stream()
            .allMatch(brick ->
                Optional.ofNullable(byUuid.get(brick.uuid())).stream()
                    .anyMatch(trace -> trace.marks().contains(volume.name() + " " + brick.path())));
  }

  /** It is unmounted everywhere before. */
  private Optional<Check> inUse(VolumeInfo volume) {
    var mounted = new ArrayList<HostName>();
    known
        .all(MOUNTED)
        .forEach((host, names) -> {
          if (names.names().contains(volume.name())) {
            mounted.add(host);
          }
        });
    var unknown = known.never(MOUNTED);
    if (known.removals().ask(orphan(volume.name())) && !mounted.isEmpty()) {
      return Optional.of(
          new Check.Refused(
              "volume %s is still mounted on %s"
                  .formatted(volume.name(), NameSet.joined(mounted.stream())),
              "see what gluster-unmount says there"));
    }
    return unknown.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check.Refused(
                "nobody knows whether volume %s is mounted on %s"
                    .formatted(volume.name(), NameSet.joined(unknown.keySet().stream())),
                "bring them back first, then run again"));
  }
}

package io.provision.steps.kubernetes.shutdown;

import io.provision.model.Host;
import io.provision.remote.Script;
import io.provision.resource.unit.Units;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.step.outage.Outages;
import io.provision.steps.kubernetes.Distributions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * {@code start-up}: volumes are mounted, then the node runs and is heard of: all control planes at
 * once, since none is ready without a majority, then workers. It stays cordoned.
 */
record HostUp(Distributions distributions, Outages outages) implements Step<Target.OnHost> {
  static final Output<Boolean> UP = new Output<>("start-up", Boolean.class);

  private static final Duration MOUNTED = Duration.ofMinutes(10);

  @Override
  public Probes probes(Target.OnHost target) {
    return Standing.isNode(target)
        ? Probes.of(ShutdownMark.QUESTION, Units.of(unit(target)))
        : Probes.of(ShutdownMark.QUESTION);
  }

  private String unit(Target.OnHost target) {
    return distributions.of(target).unit(target.host());
  }

  @Override
  public Set<Need> needs(Target.OnHost target) {
    var inventory = target.inventory();
    var needs = new LinkedHashSet<Need>();
    needs.add(ShutdownLook.needed(inventory));
    needs.add(Need.someSoFar(StorageUp.SERVES, inventory.hosts()));
    if (!Standing.isServer(target)) {
      needs.add(Need.someSoFar(UP, Standing.servers(inventory)));
    }
    return needs;
  }

  @Override
  public Set<Output<?>> provides(Target.OnHost target) {
    return Set.of(UP);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.START);
  }

  @Override
  public Check check(Target.OnHost target, Observations seen, Known known) {
    var phase = seen.of(ShutdownMark.QUESTION).phase();
    if (phase == ShutdownPhase.NONE || isOn(target, phase, seen)) {
      return new Check.InSync(Observed.of(UP, true));
    }
    return Standing.held(known, StorageUp.SERVES)
        .or(() -> nobodyLeads(target, known))
        .orElseGet(() -> up(target, phase, known));
  }

  /** A host that is not a node says no more than that it was begun with. */
  private boolean isOn(Target.OnHost target, ShutdownPhase phase, Observations seen) {
    return Standing.isNode(target)
        ? !phase.isAtLeast(ShutdownPhase.SERVED) && seen.of(Units.of(unit(target))).isRunning()
        : phase == ShutdownPhase.BEGUN;
  }

  /** A worker does with one control plane that is up. */
  private static Optional<Check> nobodyLeads(Target.OnHost target, Known known) {
    var servers = Standing.servers(target.inventory());
    return !servers.isEmpty()
            && !Standing.isServer(target)
            && servers.stream().allMatch(it -> known.never(UP).containsKey(it.name()))
        ? Standing.held(known, UP)
        : Optional.empty();
  }

  /** What was stopped whole is so no more from here on; that its pods have ended stays true. */
  private Check up(Target.OnHost target, ShutdownPhase phase, Known known) {
    var parts = new ArrayList<Repair>();
    if (phase.isAtLeast(ShutdownPhase.SERVED)) {
      parts.add(new Repair.OnHost(ShutdownMark.of(ShutdownPhase.SERVED)));
    }
    parts.addAll(outages.used(target, MOUNTED));
    if (Standing.isNode(target)) {
      parts.add(new Repair.OnHost(Script.of(ShutdownScripts.BEGIN_NODE, unit(target))));
      if (Standing.isServer(target)) {
        var kubectl = distributions.of(target).kubectl();
        parts.add(
            new Repair.OnHost(
                Script.of(ShutdownScripts.AWAIT_API, kubectl.arguments())
                    .within(Duration.ofMinutes(11))));
      }
      parts.add(Standing.upkeep(target, access(target, known, distributions)).heardOf());
    }
    parts.add(
        new Repair.OnHost(
            ShutdownMark.of(
                Standing.isNode(target) ? ShutdownPhase.CLAIMED : ShutdownPhase.BEGUN)));
    var after = Standing.isServer(target) ? "" : ", after control planes";
    return new Check.Drift(
        List.of(
            Standing.isNode(target)
                ? Change.of(
                    Change.Action.START, "unit " + unit(target), "stopped", "running" + after)
                : Change.of(
                    Change.Action.START, "use of volumes", "stopped", "as declared" + after)),
        new Repair.InOrder(parts));
  }

  /** Its own where it is a server; of the others one that came up, else the first. */
  static ClusterAccess access(Target.OnHost target, Known known, Distributions distributions) {
    var servers = Standing.servers(target.inventory());
    Host server =
        Standing.isServer(target)
            ? target.host()
            : servers.stream()
                .filter(it -> known.all(UP).containsKey(it.name()))
                .findFirst()
                .orElseGet(servers::getFirst);
    return Standing.access(server, target, known, distributions);
  }
}

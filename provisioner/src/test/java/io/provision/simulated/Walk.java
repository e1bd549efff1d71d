package io.provision.simulated;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.rotation.RotationChoice;
import io.provision.remote.Call;
import io.provision.remote.Handoff;
import io.provision.resource.FileTransfer;
import io.provision.simulated.Happening.What;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Provider;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.rotation.SelfReboots;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * One run of the command by one controller: the real steps, in the order in which the engine walks
 * hosts. A host that fails gives nothing to those behind it.
 */
final class Walk {
  static final String DONE = "done";

  private static final Duration LOOK = Duration.ofSeconds(1);

  private final Site site;
  private final Controller by;
  private final World world;
  private final Set<String> rotated;
  private final Mutant mutant;
  private final Answers answers;
  private final Cases.Settled known = new Cases.Settled();
  private final Map<HostName, Observations> seen = new HashMap<>();
  private final Map<String, String> ends = new TreeMap<>();

  /**
   * @param rotated which hosts want a reboot as this run sees it, where they do
   */
  Walk(Site site, Controller by, Set<String> rotated, Mutant mutant) {
    this.site = site;
    this.by = by;
    this.world = by.world;
    this.rotated = rotated;
    this.mutant = mutant;
    this.answers = new Answers(world);
  }

  /** How each host ended: that it is done, or why not. */
  Map<String, String> run() {
    world.happens(by.name, What.RUN_BEGAN, "", "");
    var hosts = site.inventory.hosts();
    try {
      hosts.forEach(this::look);
      if (isLocked()) {
        walk(hosts);
      }
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    } finally {
      hosts.forEach(host -> on(host).unlock());
    }
    world.happens(by.name, What.RUN_ENDED, "", ends.toString());
    return ends;
  }

  private Machine machine(Host host) {
    return world.of(host.name().value());
  }

  private HostOfWorld on(Host host) {
    return new HostOfWorld(by, machine(host));
  }

  private static final RotationChoice CHOICE = new RotationChoice(true, false, Optional.empty());

  private Map<String, Step<Target.OnHost>> steps() {
    return site.isKubernetes()
        ? Map.of("node-reboot", Catalog.reboot(CHOICE))
        : Catalog.hostReboots(CHOICE);
  }

  private boolean wants(Host host) {
    return mutant.wants(machine(host)) && rotated.contains(host.name().value());
  }

  private Observations asked(Host host) {
    var probes = new ArrayList<Observations>();
    for (var step : steps().values()) {
      probes.add(
          answers.of(host, step.probes(new Target.OnHost(host, site.inventory)), wants(host)));
    }
    return probes.stream().reduce(Observations::updated).orElseThrow();
  }

  /** What the plays before it tell of a host, and what the steps see. */
  private void look(Host host) {
    by.point("look at " + host, LOOK);
    var it = machine(host);
    if (!it.up) {
      var _ = known.never(host, SelfReboots.WHEN);
      if (it.isServer()) {
        var _ =
            known
                .never(host, Nodes.ADDRESS)
                .never(host, Nodes.STATE)
                .never(host, Nodes.SERVER_UP)
                .never(host, ClusterAccess.OUTPUT);
      }
      steps().values().forEach(step -> never(step, host));
      ends.put(host.name().value(), "not reached");
      return;
    }
    seen.put(host.name(), asked(host));
    var _ = known.has(host, SelfReboots.WHEN, new SelfReboots.When(Optional.empty()));
    if (!site.isKubernetes() || !it.isServer()) {
      return;
    }
    var serves = world.answers(it.name);
    var _ = known.address(host).has(host, Nodes.STATE, Cases.state(true, serves));
    if (serves) {
      var access =
          new ClusterAccess(
              List.of("https://%s:6443".formatted(host)),
              new Handoff.Kept(host.name(), Call.of(FileTransfer.READ, "/k")),
              Optional.empty());
      var _ = known.has(host, Nodes.SERVER_UP, true).has(host, ClusterAccess.OUTPUT, access);
      if (known.all(ClusterAccess.OUTPUT).size() == 1) {
        others();
      }
    } else {
      var _ = known.never(host, Nodes.SERVER_UP).never(host, ClusterAccess.OUTPUT);
    }
  }

  /** Nobody else reboots nodes of the cluster. */
  private void others() {
    var step = Catalog.otherRebooters();
    var target = new Target.OnCluster(site.inventory);
    var none = new Observations.Builder();
    step.probes(target).cluster().forEach(question -> none.put(question, List.of()));
    if (step.check(target, none.build(), known) instanceof Check.InSync(var observed)) {
      observed.values().forEach(this::ofCluster);
    }
  }

  @SuppressWarnings("unchecked") // Observed has cast it
  private void ofCluster(Output<?> output, Object value) {
    var _ = known.ofCluster((Output<Object>) output, value);
  }

  /** All that have something to do, in the order of names; where one is held nobody is touched. */
  private boolean isLocked() {
    var names = new TreeSet<String>();
    for (var host : site.inventory.hosts()) {
      if (seen.containsKey(host.name()) && (wants(host) || machine(host).marked)) {
        names.add(host.name().value());
      }
    }
    for (var name : names) {
      by.point("lock " + name, LOOK);
      var holder = new HostOfWorld(by, world.of(name)).lock();
      if (holder.isPresent()) {
        site.inventory
            .hosts()
            .forEach(host -> ends.put(host.name().value(), "locked by " + holder.get()));
        return false;
      }
    }
    for (var host : site.inventory.hosts()) {
      if (names.contains(host.name().value()) && machine(host).up) {
        seen.put(host.name(), asked(host)); // under its lock
      }
    }
    return true;
  }

  private void walk(List<Host> hosts) throws InterruptedException {
    var next = new HashMap<HostName, Integer>();
    var list = List.copyOf(steps().values());
    for (var moved = true; moved; ) {
      moved = false;
      for (var host : hosts) {
        var index = next.getOrDefault(host.name(), 0);
        if (index < list.size()
            && list.get(index).needs(new Target.OnHost(host, site.inventory)).stream()
                .allMatch(this::isSettled)) {
          step(list.get(index), host);
          next.put(host.name(), index + 1);
          moved = true;
          if (index + 1 == list.size()) {
            on(host).unlock();
            ends.putIfAbsent(host.name().value(), DONE);
          }
        }
      }
    }
    if (!next.values().stream().allMatch(it -> it == list.size()) || next.size() < hosts.size()) {
      throw new IllegalStateException("somebody waits for ever: " + next);
    }
  }

  private boolean isSettled(Need need) {
    return !(need.of() instanceof Provider.Hosts hosts)
        || hosts.names().stream()
            .allMatch(name ->
                known.all(need.output()).containsKey(name)
                    || known.never(need.output()).containsKey(name));
  }

  private void never(Step<Target.OnHost> step, Host host) {
    step.provides(new Target.OnHost(host, site.inventory))
        .forEach(output -> {
          var _ = known.never(host, output);
        });
  }

  private void step(Step<Target.OnHost> step, Host host) throws InterruptedException {
    if (ends.containsKey(host.name().value())) {
      never(step, host);
      return;
    }
    var target = new Target.OnHost(host, site.inventory);
    var check = step.check(target, seen.get(host.name()), known.at(world.instant()));
    if (check instanceof Check.Drift drift) {
      world.ours = host.name().value();
      var failure = new Executor(site, by, mutant, host).repaired(drift.repair());
      if (failure.isPresent()) {
        end(step, host, failure.get());
        return;
      }
      seen.put(host.name(), asked(host));
      check = step.check(target, seen.get(host.name()), known.at(world.instant()));
    }
    switch (check) {
      case Check.InSync(var observed) -> settle(step, host, observed.values());
      case Check.Skipped(var why, _) -> end(step, host, why);
      case Check.Refused(var why, _, _) -> end(step, host, why);
      default -> end(step, host, "after its repair it still differs");
    }
  }

  private void end(Step<Target.OnHost> step, Host host, String why) {
    ends.put(host.name().value(), why);
    never(step, host);
  }

  @SuppressWarnings("unchecked") // Observed has cast it
  private void settle(Step<Target.OnHost> step, Host host, Map<Output<?>, Object> values) {
    for (var output : step.provides(new Target.OnHost(host, site.inventory))) {
      var value = Optional.ofNullable(values.get(output));
      var _ =
          value.isPresent()
              ? known.has(host, (Output<Object>) output, value.get())
              : known.never(host, output);
    }
  }
}

package io.provision.steps.kubernetes.shutdown;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.kube.ClusterAction;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.remote.Script;
import io.provision.remote.ShellFunction;
import io.provision.resource.unit.UnitState;
import io.provision.resource.unit.Units;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Provider;
import io.provision.step.Repair;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.step.outage.Outage;
import io.provision.step.outage.Outages;
import io.provision.steps.k3s.K3sDistribution;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.Distributions;
import io.provision.steps.kubernetes.Nodes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A cluster that is told what a run has done to it, one action after another, and says where that
 * is out of order: who asks an API that is down, ends a brick that is in use, and so on. A run can
 * be killed before any action.
 */
final class PretendCluster {
  private static final K3sDistribution K3S = new K3sDistribution();

  private static final String LATER = "later";

  /** A run ends here. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1;
  }

  /** One host, in use at first. */
  private static final class Machine {
    private String mark = "";
    private boolean node = true;
    private boolean mounted = true;
    private boolean serves = true;
    private boolean away;
    private boolean cordoned;
    private String claim = "";
    private boolean pods = true;
    private boolean booted;
    private boolean broken;
    private boolean silent;

    private boolean isOurs() {
      return !claim.isEmpty();
    }
  }

  final Inventory inventory;
  final List<String> done = new ArrayList<>();

  /** Nodes that the cluster has and the inventory does not name. */
  final List<String> strangers = new ArrayList<>();

  private final Map<HostName, Machine> machines = new LinkedHashMap<>();
  private final ClusterShutdown steps =
      new ClusterShutdown(Distributions.of(List.of(K3S)), new Outages(List.of(new Bricks())));
  private int left = Integer.MAX_VALUE;
  private boolean eager;
  private List<Host> order;

  PretendCluster(Host... hosts) {
    inventory = Cases.inventory(hosts);
    order = inventory.hosts();
    inventory.hosts().forEach(host -> machines.put(host.name(), new Machine()));
  }

  /** Each host goes on for as long as it need not wait: the last ones, or the first ones, most. */
  PretendCluster eagerly(boolean lastFirst) {
    eager = true;
    order = lastFirst ? inventory.hosts().reversed() : inventory.hosts();
    return this;
  }

  /** An area whose data are on the hosts with the role storage, and used on all. */
  private final class Bricks implements Outage {
    @Override
    public Map<Host, Probes> asked(Inventory all) {
      var asked = new LinkedHashMap<Host, Probes>();
      all.with(Role.STORAGE).forEach(host -> asked.put(host, Probes.NONE));
      return asked;
    }

    @Override
    public List<String> missing(
        Inventory all, Map<HostName, Observations> seen, Map<HostName, String> never) {
      return all.with(Role.STORAGE).stream()
          .filter(host -> !of(host).serves)
          .map(host -> "a brick of %s is down".formatted(host))
          .toList();
    }

    private List<Repair> script(String name) {
      return List.of(new Repair.OnHost(Script.of(new ShellFunction(name, "return 0"))));
    }

    @Override
    public List<Repair> letGo(Target.OnHost target) {
      return script("let_go");
    }

    @Override
    public List<String> units(Target.OnHost target) {
      return target.host().is(Role.STORAGE) ? List.of("bricks.service") : List.of();
    }

    @Override
    public List<Repair> ended(Target.OnHost target) {
      return target.host().is(Role.STORAGE) ? script("end_bricks") : List.of();
    }

    @Override
    public List<Repair> begun(Target.OnHost target) {
      return script("begin_bricks");
    }

    @Override
    public List<Repair> used(Target.OnHost target, Duration patience) {
      return script("use");
    }
  }

  private Machine of(Host host) {
    return of(host.name());
  }

  private Machine of(HostName name) {
    return machines.get(name);
  }

  private Machine of(String name) {
    return of(new HostName(name));
  }

  private boolean isNode(Host host) {
    return Nodes.all(inventory).contains(host);
  }

  void away(String name) {
    of(name).away = true;
  }

  void brickDown(String name) {
    of(name).serves = false;
  }

  void neverComes(String name, boolean never) {
    of(name).silent = never;
  }

  void neverServes(String name) {
    of(name).broken = true;
  }

  void nodeDown(String name) {
    of(name).node = false;
  }

  void cordonedBySomebody(String name) {
    of(name).cordoned = true;
  }

  void claimedFor(String name, String claim) {
    of(name).cordoned = true;
    of(name).claim = claim;
  }

  /**
   * All hosts lose their power and boot: what is enabled begins, but bricks do not by themselves.
   */
  void loseItsPower() {
    for (var host : inventory.hosts()) {
      of(host).node = true;
      of(host).serves = !host.is(Role.STORAGE);
      of(host).mounted = true;
      of(host).booted = true;
    }
  }

  boolean isAsBefore() {
    return machines.values().stream()
        .allMatch(it -> it.mark.isEmpty() && it.node && it.mounted && it.serves && !it.isOurs());
  }

  boolean isStopped() {
    return inventory.hosts().stream()
        .allMatch(host -> {
          var it = of(host);
          return it.mark.startsWith("stopped ")
              && !(isNode(host) && it.node)
              && !it.mounted
              && !(host.is(Role.STORAGE) && it.serves);
        });
  }

  /** Whether any host says that it goes down, or comes up. */
  boolean isMarked() {
    return machines.values().stream().anyMatch(it -> !it.mark.isEmpty());
  }

  Set<String> cordoned() {
    var names = new HashSet<String>();
    machines.forEach((name, it) -> {
      if (it.cordoned) {
        names.add(name.value());
      }
    });
    return names;
  }

  /** How it ended: of each host the first step that did not come to its end, and why. */
  Map<String, String> stop() {
    return run(steps.stop());
  }

  Map<String, String> start() {
    return run(steps.start());
  }

  /**
   * The same, killed before so many actions more have been done; false where it was done before.
   */
  boolean killed(int actions, Runnable run) {
    left = actions;
    try {
      run.run();
      return false;
    } catch (Killed _) {
      return true;
    } finally {
      left = Integer.MAX_VALUE;
    }
  }

  private Map<String, String> run(Map<String, Step<Target.OnHost>> all) {
    var known = new Settling();
    var next = new TreeMap<HostName, Integer>();
    var ends = new TreeMap<String, String>();
    var list = new ArrayList<>(all.entrySet());
    inventory.hosts().forEach(host -> next.put(host.name(), 0));
    var patient = true;
    for (var moved = true; moved || patient; ) {
      patient = moved; // a gate that stays shut while nobody else does anything is shut
      moved = false;
      for (var host : order) {
        var goesOn = true;
        while (goesOn && next.get(host.name()) < list.size()) {
          var index = next.get(host.name());
          var target = Cases.on(host, inventory);
          var step = list.get(index).getValue();
          goesOn = step.needs(target).stream().allMatch(known::isSettled);
          if (goesOn) {
            var end = once(step, target, known, patient);
            if (end.equals(Optional.of(LATER))) {
              break;
            }
            end.ifPresent(why ->
                ends.putIfAbsent(host.name().value(), list.get(index).getKey() + ": " + why));
            next.put(host.name(), index + 1);
            moved = true;
            goesOn = eager;
          }
        }
      }
    }
    for (var host : inventory.hosts()) {
      if (!ends.containsKey(host.name().value())) {
        for (var step : all.values()) {
          assertThat(step.check(Cases.on(host, inventory), seen(host), known))
              .as("the last look at %s on %s", step, host)
              .isNotInstanceOf(Check.Drift.class);
        }
      }
    }
    assertThat(next.values()).as("nobody waits for ever").containsOnly(list.size());
    return ends;
  }

  /** Why it did not come to its end. */
  private Optional<String> once(
      Step<Target.OnHost> step, Target.OnHost target, Settling known, boolean patient) {
    var host = target.host();
    if (of(host).away) {
      step.provides(target).forEach(output -> known.never(host, output));
      return Optional.of("not reached");
    }
    for (var need : step.needs(target)) {
      if (need.quantity() == Need.Quantity.ALL && !known.never(need.output()).isEmpty()) {
        step.provides(target).forEach(output -> known.never(host, output));
        return Optional.of("needs " + need.output());
      }
    }
    var check = step.check(target, seen(host), known);
    Optional<String> failure = Optional.empty();
    if (check instanceof Check.Drift(var changes, var repair, _)) {
      assertThat(step.mayDo()).containsAll(changes.stream().map(it -> it.action()).toList());
      for (var leaf : repair.leaves()) {
        failure = failure.isPresent() ? failure : done(leaf, host);
      }
      if (failure.isPresent() && patient) {
        return Optional.of(LATER);
      }
      check =
          failure.isPresent()
              ? new Check.Skipped(failure.get())
              : step.check(target, seen(host), known);
      assertThat(check).as("%s after its repair", step).isNotInstanceOf(Check.Drift.class);
    }
    var values = check instanceof Check.InSync(var observed) ? observed.values() : Map.of();
    for (var output : step.provides(target)) {
      if (values.containsKey(output)) {
        known.has(host, output, values.get(output));
      } else {
        known.never(host, output);
      }
    }
    return check instanceof Check.Skipped(var why, _) && !why.contains("is not a node")
        ? Optional.of(why)
        : Optional.empty();
  }

  private Observations seen(Host host) {
    var it = of(host);
    return new Observations.Builder()
        .put(
            ShutdownMark.QUESTION,
            Cases.read(
                ShutdownMark.QUESTION,
                it.mark.isEmpty() ? "" : it.mark + (it.booted ? "\nbooted\n" : "\n")))
        .put(Units.of(K3S.unit(host)), unit(isNode(host) && it.node))
        .put(Units.of("bricks.service"), unit(it.serves))
        .build();
  }

  private static UnitState unit(boolean runs) {
    return new UnitState(
        "loaded", runs ? "active" : "inactive", "", "enabled", "/u", List.of(), Map.of());
  }

  private Optional<String> done(Repair leaf, Host host) {
    if (leaf instanceof Repair.AwaitHosts gate) {
      var missing = gate.condition().missing(answers(gate), Map.of());
      return missing.isEmpty() ? Optional.empty() : Optional.of(String.join("; ", missing));
    }
    switch (leaf) {
      case Repair.OnHost(var scripts, _) -> scripts.forEach(script -> ran(script, host));
      case Repair.OnApi(var access, var actions) -> {
        var asked = of(access.kubeconfig().from());
        assertThat(asked.node && (!asked.silent || asked == of(host)))
            .as("the API that is asked")
            .isTrue();
        for (var action : actions) {
          if (action instanceof ClusterAction.Await await && of(await.ref().name()).silent) {
            return Optional.of("it is not heard of");
          }
          acted(action);
        }
      }
      default -> throw new IllegalStateException(leaf.toString());
    }
    return Optional.empty();
  }

  private Map<HostName, Observations> answers(Repair.AwaitHosts gate) {
    var answers = new HashMap<HostName, Observations>();
    var nodes = new StringBuilder();
    for (var host : Nodes.all(inventory)) {
      nodes.append(
          "node=%s\nready=%s\nclaim=%s\n"
              .formatted(host, of(host).node ? "True" : "Unknown", of(host).claim));
    }
    strangers.forEach(name -> nodes.append("node=%s\nready=True\n".formatted(name)));
    for (var host : gate.asked().keySet()) {
      var question = K3S.kubectl().nodes();
      answers.put(
          host.name(),
          new Observations.Builder()
              .put(question, Cases.read(question, of(host).node ? nodes.toString() : ""))
              .build());
    }
    return answers;
  }

  private void next(String what) {
    if (left-- <= 0) {
      throw new Killed();
    }
    done.add(what);
  }

  private void ran(Script script, Host host) {
    var function = script.call().function().name();
    var arguments = script.call().arguments();
    var it = of(host);
    next(
        function.equals("mark_shutdown")
            ? "mark %s %s".formatted(host, arguments.get(1))
            : function + " " + host);
    switch (function) {
      case "mark_shutdown" -> {
        it.mark = arguments.get(1) + " 2026-11-29T17:00:00Z";
        it.booted = false;
      }
      case "mark_in_use" -> it.mark = "";
      case "stop_node" -> {
        assertThat(Nodes.all(inventory)).as("pods have ended").noneMatch(node -> of(node).pods);
        if (Nodes.isServer(host)) {
          assertThat(Nodes.agents(inventory)).noneMatch(node -> of(node).node);
        }
        it.node = false;
      }
      case "let_go" -> {
        assertThat(isNode(host) && it.node).as("pods use it on " + host).isFalse();
        it.mounted = false;
      }
      case "end_bricks" -> {
        assertThat(machines.values()).as("somebody uses it").noneMatch(each -> each.mounted);
        it.serves = false;
      }
      // as 'gluster volume start force' does, which begins all that are missing where glusterd runs
      case "begin_bricks" ->
          machines.values().stream()
              .filter(each -> each == it || each.mark.isEmpty())
              .forEach(each -> each.serves = !each.broken);
      case "use" -> {
        assertThat(inventory.with(Role.STORAGE)).as("whole").allMatch(each -> of(each).serves);
        it.mounted = true;
      }
      case "begin_node" -> {
        assertThat(it.mounted).as("mounted on " + host).isTrue();
        it.node = true;
      }
      case "await_cluster_api" -> assertThat(it.node).isTrue();
      default -> throw new IllegalStateException(function);
    }
  }

  private void acted(ClusterAction action) {
    switch (action) {
      case ClusterAction.Claim(var node, var claim) -> {
        next("claim " + node);
        if (!of(node).cordoned) {
          of(node).cordoned = true;
          of(node).claim = claim;
        }
      }
      case ClusterAction.EndPods(var node, _) -> {
        next("end pods of " + node);
        assertThat(Nodes.all(inventory)).as("cordoned").allMatch(it -> of(it).cordoned);
        of(node).pods = false;
      }
      case ClusterAction.AwaitDetached(var node, _) -> next("await volumes off " + node);
      case ClusterAction.Await await -> {
        next("await " + await.what());
        assertThat(of(await.ref().name()).node).isTrue();
      }
      case ClusterAction.EndTurn _ -> {} // nobody takes turns where all go down
      case ClusterAction.Release(var node, var claim) -> {
        next("release " + node);
        if (of(node).claim.equals(claim)) {
          of(node).cordoned = false;
          of(node).claim = "";
          of(node).pods = true;
        }
      }
      default -> throw new IllegalStateException(action.toString());
    }
  }

  /** What steps have told so far. */
  private static final class Settling implements Known {
    private final Cases.Settled settled = new Cases.Settled();

    boolean isSettled(Need need) {
      return need.of() instanceof Provider.Hosts hosts
          && hosts.names().stream()
              .allMatch(name ->
                  settled.all(need.output()).containsKey(name)
                      || settled.never(need.output()).containsKey(name));
    }

    <V> void has(Host host, Output<V> output, Object value) {
      var _ = settled.has(host, output, output.type().cast(value));
    }

    void never(Host host, Output<?> output) {
      var _ = settled.never(host, output);
    }

    @Override
    public <V> Map<HostName, V> all(Output<V> output) {
      return settled.all(output);
    }

    @Override
    public <V> Optional<V> cluster(Output<V> output) {
      return Optional.empty();
    }

    @Override
    public <V> Optional<V> local(Output<V> output) {
      return Optional.empty();
    }

    @Override
    public Map<HostName, String> never(Output<?> output) {
      return settled.never(output);
    }
  }
}

package io.provision.engine;

import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.step.Check;
import io.provision.step.ClusterAccess;
import io.provision.step.Need;
import io.provision.step.Target;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Every target's own list of steps. Waiting can never go in a circle: a task waits for the one
 * before it on its target and for those that its needs point to, which may be the same step on
 * another target (servers that come one at a time), and there is an order in which all can be done.
 *
 * @param serial the batch size of each segment; 0 where all go at once
 */
record TaskGraph(
    Map<TargetName, List<Task>> tasks, Map<HostName, Host> hosts, List<Integer> serial) {

  /**
   * @throws TaskGraphRefused when a need cannot be met by anything earlier, or a step refuses what
   *     was declared; holds all of that
   */
  static TaskGraph of(Playbook playbook, Inventory inventory, Options options) {
    var all = new LinkedHashMap<TargetName, List<Task>>();
    var serial = new ArrayList<Integer>();
    var segment = -1;
    var before = -1;
    for (var play : playbook.plays()) {
      var own = play instanceof Play.OnHosts onHosts ? onHosts.serial() : before;
      if (segment < 0 || own != before || own > 0) {
        segment++;
        serial.add(Math.max(own, 0));
      }
      before = own;
      add(all, play, inventory, options, segment);
    }
    var hosts = new LinkedHashMap<HostName, Host>();
    inventory.known().forEach(host -> hosts.put(host.name(), host));
    var whole = new TaskGraph(all, hosts, serial);
    var graph = whole.pruned();
    var gaps = new LinkedHashSet<TaskGraphRefused.Gap>();
    gaps.addAll(whole.withoutProviders());
    gaps.addAll(graph.withLateProviders());
    gaps.addAll(graph.refusals());
    if (!gaps.isEmpty()) {
      throw new TaskGraphRefused(List.copyOf(gaps));
    }
    return graph;
  }

  /** What steps refuse without having looked; once where many targets have the same. */
  private List<TaskGraphRefused.Gap> refusals() {
    record Same(StepRef step, Check.Refused refusal) {}
    var targets = new LinkedHashMap<Same, List<TargetName>>();
    all()
        .forEach(task ->
            task.refusals()
                .forEach(refusal ->
                    targets
                        .computeIfAbsent(new Same(task.ref(), refusal), _ -> new ArrayList<>())
                        .add(task.target())));
    return targets.entrySet().stream()
        .map(each ->
            TaskGraphRefused.Gap.refused(
                each.getKey().step(), each.getKey().refusal(), each.getValue()))
        .toList();
  }

  private static void add(
      Map<TargetName, List<Task>> all,
      Play play,
      Inventory inventory,
      Options options,
      int segment) {
    switch (play) {
      case Play.OnHosts onHosts -> {
        for (var named : onHosts.hosts()) {
          // as the inventory has it: a login that was typed makes another value of the same host
          var host = inventory.find(named.name()).orElseThrow();
          var name = TargetName.of(host.name());
          var target = new Target.OnHost(host, inventory);
          for (var item : onHosts.items()) {
            add(all, Task.of(name, target, item, segment, options));
          }
        }
      }
      case Play.OnCluster onCluster -> {
        var servers = Need.any(ClusterAccess.OUTPUT, inventory.with(Role.CONTROL_PLANE));
        for (var item : onCluster.items()) {
          var target = new Target.OnCluster(inventory);
          add(all, Task.of(TargetName.CLUSTER, target, item, segment, options).asking(servers));
        }
      }
      case Play.OnDesk onDesk -> {
        for (var item : onDesk.items()) {
          add(all, Task.of(TargetName.DESK, new Target.OnDesk(inventory), item, segment, options));
        }
      }
    }
  }

  private static void add(Map<TargetName, List<Task>> all, Task task) {
    all.computeIfAbsent(task.target(), _ -> new ArrayList<>()).add(task);
  }

  /** Leaves out what is neither selected nor needed by something that is. */
  private TaskGraph pruned() {
    var kept = new LinkedHashSet<Task>();
    var open = new ArrayDeque<>(all().filter(Task::selected).toList());
    while (!open.isEmpty()) {
      var task = open.poll();
      if (kept.add(task)) {
        task.needs().stream().flatMap(this::providers).forEach(open::add);
      }
    }
    var left = new LinkedHashMap<TargetName, List<Task>>();
    tasks.forEach((target, list) -> {
      var own = list.stream().filter(kept::contains).toList();
      if (!own.isEmpty()) {
        left.put(target, own);
      }
    });
    return new TaskGraph(left, hosts, serial);
  }

  Stream<Task> all() {
    return tasks.values().stream().flatMap(List::stream);
  }

  /** Whether this run may change a target; what it may not change is looked at for others. */
  boolean selects(TargetName target) {
    return tasks.getOrDefault(target, List.of()).stream().anyMatch(Task::selected);
  }

  /** Whether no play goes on in batches. */
  boolean isWithoutSerial() {
    return serial.stream().allMatch(size -> size == 0);
  }

  /** Outputs with a promise for each that a step of these lists provides. */
  Outputs promised() {
    var outputs = new Outputs();
    all()
        .forEach(task -> task.provides().forEach(output -> outputs.promise(task.target(), output)));
    return outputs;
  }

  private Stream<Task> providers(Need need) {
    return TargetName.of(need.of()).stream()
        .flatMap(target -> tasks.getOrDefault(target, List.of()).stream())
        .filter(task -> task.provides().contains(need.output()));
  }

  /** A need that no step of the playbook could ever meet. */
  private Set<TaskGraphRefused.Gap> withoutProviders() {
    var gaps = new LinkedHashSet<TaskGraphRefused.Gap>();
    all()
        .filter(Task::selected)
        .forEach(task ->
            task.needs().stream()
                .filter(need -> isOfSomebody(need) && providers(need).findAny().isEmpty())
                .forEach(need -> gaps.add(TaskGraphRefused.Gap.open(task.ref(), need))));
    return gaps;
  }

  /** Not so where it asks for those of no hosts at all. */
  private static boolean isOfSomebody(Need need) {
    return !TargetName.of(need.of()).isEmpty();
  }

  /** Takes away what waits for nothing, again and again; what is left waits in a circle. */
  private Set<TaskGraphRefused.Gap> withLateProviders() {
    // By identity: a task is large, and there can be thousands.
    var waiting = new IdentityHashMap<Task, List<Task>>();
    var blocks = new IdentityHashMap<Task, List<Task>>();
    for (var list : tasks.values()) {
      for (var i = 0; i < list.size(); i++) {
        var task = list.get(i);
        var awaited = new ArrayList<>(task.needs().stream().flatMap(this::providers).toList());
        if (i > 0) {
          awaited.add(list.get(i - 1));
        }
        waiting.put(task, awaited);
        awaited.forEach(it -> blocks.computeIfAbsent(it, _ -> new ArrayList<>()).add(task));
      }
    }
    var left = new IdentityHashMap<Task, Integer>();
    var free = new ArrayDeque<Task>();
    waiting.forEach((task, awaited) -> {
      left.put(task, awaited.size());
      if (awaited.isEmpty()) {
        free.add(task);
      }
    });
    while (!free.isEmpty()) {
      var done = free.poll();
      left.remove(done);
      for (var task : blocks.getOrDefault(done, List.of())) {
        if (left.merge(task, -1, Integer::sum) == 0) {
          free.add(task);
        }
      }
    }
    var gaps = new LinkedHashSet<TaskGraphRefused.Gap>();
    left.keySet().stream()
        .sorted(java.util.Comparator.comparing(task -> task.ref().index()))
        .forEach(task -> addLate(task, left.keySet(), gaps));
    return gaps;
  }

  /** Adds the needs of a task in a circle that point to no earlier place. */
  private void addLate(Task task, Set<Task> circle, Set<TaskGraphRefused.Gap> gaps) {
    for (var need : task.needs()) {
      providers(need)
          .filter(circle::contains)
          .filter(provider -> provider.ref().index() >= task.ref().index())
          .findFirst()
          .ifPresent(provider ->
              gaps.add(TaskGraphRefused.Gap.late(task.ref(), provider.ref(), need.output())));
    }
  }

  Optional<Host> host(TargetName name) {
    return name.host().map(hosts::get);
  }
}

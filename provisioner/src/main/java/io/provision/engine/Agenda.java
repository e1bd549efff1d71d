package io.provision.engine;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Inventory;
import io.provision.step.Need;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Every target's own list of steps. A need always points to an earlier place in the playbook, so
 * that waiting can never go in a circle.
 *
 * @param serial the batch size of each segment; 0 where all go at once
 */
record Agenda(Map<TargetName, List<Task>> tasks, Map<HostName, Host> hosts, List<Integer> serial) {

  /**
   * @throws AgendaRefused when a need cannot be met by anything earlier
   */
  static Agenda of(Playbook playbook, Inventory inventory, Options options) {
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
    inventory.hosts().forEach(host -> hosts.put(host.name(), host));
    var agenda = new Agenda(all, hosts, serial).pruned();
    agenda.requireEarlierProviders();
    return agenda;
  }

  private static void add(
      Map<TargetName, List<Task>> all,
      Play play,
      Inventory inventory,
      Options options,
      int segment) {
    switch (play) {
      case Play.OnHosts onHosts -> {
        for (var host : onHosts.hosts()) {
          var name = TargetName.of(host.name());
          var target = new Target.OnHost(host, inventory);
          for (var item : onHosts.items()) {
            var selected = options.selects(name, item.ref().name());
            add(all, Task.of(name, target, item, segment, selected));
          }
        }
      }
      case Play.OnDesk onDesk -> {
        for (var item : onDesk.items()) {
          var selected = options.selects(TargetName.DESK, item.ref().name());
          add(all, Task.of(TargetName.DESK, new Target.OnDesk(inventory), item, segment, selected));
        }
      }
    }
  }

  private static void add(Map<TargetName, List<Task>> all, Task task) {
    all.computeIfAbsent(task.target(), _ -> new ArrayList<>()).add(task);
  }

  /** Leaves out what is neither selected nor needed by something that is. */
  private Agenda pruned() {
    var kept = new java.util.LinkedHashSet<Task>();
    var open = new java.util.ArrayDeque<>(all().filter(Task::selected).toList());
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
    return new Agenda(left, hosts, serial);
  }

  Stream<Task> all() {
    return tasks.values().stream().flatMap(List::stream);
  }

  private Stream<Task> providers(Need need) {
    var targets =
        need.of().isEmpty() ? Stream.of(TargetName.DESK) : need.of().stream().map(TargetName::of);
    return targets.flatMap(target ->
        tasks.getOrDefault(target, List.of()).stream()
            .filter(task -> task.provides().contains(need.output())));
  }

  private void requireEarlierProviders() {
    all()
        .forEach(task ->
            task.needs()
                .forEach(need ->
                    providers(need)
                        .filter(provider -> provider.ref().index() >= task.ref().index())
                        .findFirst()
                        .ifPresent(provider -> {
                          throw new AgendaRefused(task.ref(), provider.ref(), need.output());
                        })));
  }

  Optional<Host> host(TargetName name) {
    return name.host().map(hosts::get);
  }
}

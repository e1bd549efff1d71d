package io.provision.cli.command;

import io.provision.console.text.Table;
import io.provision.engine.event.Finding;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import io.provision.steps.Catalog;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** One screen of what a look saw: hosts, what they said of themselves, and where they differ. */
final class StatusTables {
  private StatusTables() {}

  /** The playbook, and behind it what only a status asks. */
  static Playbook asked(Playbook playbook, Inventory inventory) {
    return StatusAsks.behind(playbook, inventory, Catalog.views());
  }

  static SequencedMap<String, Table> of(Inventory inventory, RunResult result) {
    var tables = new LinkedHashMap<String, Table>();
    tables.put("hosts", hosts(inventory, result));
    tables.putAll(areas(inventory, result));
    var drift = drift(result.plan().findings());
    if (!drift.rows().isEmpty()) {
      tables.put("drift", drift);
    }
    return tables;
  }

  /** The areas' tables, in the order of the catalog. */
  static SequencedMap<String, Table> areas(Inventory inventory, RunResult result) {
    var tables = new LinkedHashMap<String, Table>();
    var seen = StatusAsks.seen(inventory, result);
    for (var view : Catalog.views()) {
      view.tables(inventory, seen)
          .forEach(rows -> tables.put(rows.title(), new Table(rows.header(), rows.rows())));
    }
    return tables;
  }

  private static Table hosts(Inventory inventory, RunResult result) {
    var outputs = new TreeSet<String>();
    result.seen().keySet().forEach(target -> outputs.addAll(result.shown(target).keySet()));
    var header = new ArrayList<>(List.of("host", "roles", "state"));
    header.addAll(outputs);
    var rows = new ArrayList<List<String>>();
    for (var host : inventory.hosts()) {
      var target = TargetName.of(host.name());
      var tally = result.report().targets().get(target);
      if (tally != null) {
        var row = new ArrayList<>(List.of(host.name().value(), roles(host), state(tally)));
        var seen = result.shown(target);
        outputs.forEach(output -> row.add(seen.getOrDefault(output, "")));
        rows.add(row);
      }
    }
    return new Table(header, rows);
  }

  /** Hosts with the same drift are one row; what only waits for other steps is one, too. */
  private static Table drift(List<Finding> findings) {
    var hosts = new LinkedHashMap<List<String>, List<String>>();
    var waiting = new TreeSet<String>();
    var steps = new TreeSet<String>();
    var why = "";
    for (var finding : findings) {
      var says =
          switch (finding.outcome()) {
            case Outcome.WouldChange(var changes) ->
                changes.stream()
                    .map(change ->
                        change.action().name().toLowerCase(java.util.Locale.ROOT)
                            + " "
                            + change.subject())
                    .collect(Collectors.joining(", "));
            case Outcome.Leaving(var left) ->
                left.stream().map(Outcome.Left::toString).collect(Collectors.joining("; "));
            case Outcome.Failed(var failure) -> failure.what();
            case Outcome.Pending(var awaiting, _) -> {
              why = awaiting;
              waiting.add(finding.target().toString());
              steps.add(finding.step().name());
              yield "";
            }
            case Outcome.Ok _,
                Outcome.Skipped _,
                Outcome.Changed _,
                Outcome.Unreachable _,
                Outcome.Lost _ ->
                "";
          };
      if (!says.isEmpty()) {
        hosts
            .computeIfAbsent(List.of(finding.step().name(), says), _ -> new ArrayList<>())
            .add(finding.target().toString());
      }
    }
    var rows = new ArrayList<List<String>>();
    hosts.forEach((what, names) ->
        rows.add(List.of(String.join(", ", names), what.getFirst(), what.getLast())));
    if (!waiting.isEmpty()) {
      rows.add(
          List.of(
              String.join(", ", waiting),
              steps.size() == 1 ? steps.first() : steps.size() + " steps",
              hosts.isEmpty()
                  ? "unknown: " + why
                  : "not known before the rest is done: see 'provision plan'"));
    }
    return new Table(List.of("host", "step", "differs"), rows);
  }

  private static String roles(Host host) {
    return host.roles().stream().sorted().map(Role::key).collect(Collectors.joining(","));
  }

  private static String state(Report.Tally tally) {
    if (tally.unreachable() > 0) {
      return "unreachable";
    }
    if (tally.failed() > 0) {
      return "%d failed".formatted(tally.failed());
    }
    var open = tally.wouldChange() + tally.pending() + tally.leaving();
    return open == 0 ? "in sync" : "%d to change".formatted(open);
  }
}

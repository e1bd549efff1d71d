package io.provision.cli.drill;

import io.provision.console.text.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a drill has shown of pods, for people. */
final class OutageTable {
  private final String node;
  private final OutageRecord record;

  OutageTable(String node, OutageRecord record) {
    this.node = node;
    this.record = record;
  }

  Table workloads() {
    var rows = new ArrayList<List<String>>();
    for (var row : record.workloads()) {
      rows.add(
          List.of(
              row.workload(),
              "%d, %d there".formatted(row.ready(), row.here()),
              away(row),
              row.whole().map(OutageTable::time).orElse("not yet"),
              row.nodes().isEmpty() ? "nowhere" : String.join(", ", row.nodes()),
              logs(row)));
    }
    return new Table(
        List.of("workload", "ready before", "away", "whole after", "ready on", "logs"), rows);
  }

  private static String away(OutageRecord.Row row) {
    if (row.isAway()) {
      return "%s, still".formatted(time(row.away()));
    }
    return row.away().isZero() ? "never" : time(row.away());
  }

  /** Of a pod that is deleted the API has nothing to show, whatever lies on the disk there. */
  private static String logs(OutageRecord.Row row) {
    if (row.kept() == 0) {
      return "no, the pods are gone";
    }
    return row.kept() == row.here() ? "yes" : "of %d of %d pods".formatted(row.kept(), row.here());
  }

  Table volumes() {
    return new Table(
        List.of("volume", "attached to " + node),
        record.volumes().stream()
            .map(it ->
                List.of(
                    it.name(),
                    it.detached()
                        .map(at -> "until " + time(at) + " after the cut")
                        .orElse("still")))
            .toList());
  }

  /** In sentences. */
  List<String> says() {
    var says = new ArrayList<String>();
    says.add(
        "%s: %s, %s."
            .formatted(
                node,
                record
                    .notReady()
                    .map(at -> "not Ready for the cluster %s after the cut".formatted(time(at)))
                    .orElse("the cluster never said that it was not Ready"),
                record
                    .back()
                    .map(at -> "Ready again %s after it".formatted(time(at)))
                    .orElse("not Ready again as long as it was looked at")));
    if (!record.silent().isZero()) {
      says.add(
          "The cluster's API did not answer for %s of that; what was away before counts as away."
              .formatted(time(record.silent())));
    }
    var alone = record.workloads().stream().filter(it -> it.ready() == 0).toList();
    if (!alone.isEmpty()) {
      says.add("Where no pod was ready before, none could be away.");
    }
    return says;
  }

  /** Looks are two seconds apart: no part of a second is said. */
  static String time(Duration duration) {
    var seconds = duration.toSeconds();
    return seconds < 60 ? seconds + " s" : "%d min %02d s".formatted(seconds / 60, seconds % 60);
  }
}

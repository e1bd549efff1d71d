package io.provision.cli.drill;

import static io.provision.cli.drill.OutageTable.time;

import io.provision.console.text.Table;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What a drill has shown of hosts and their volumes, for people. */
record HostTable(String host, HostRecord record) {

  Table volumes() {
    return new Table(
        List.of("volume", "looked at on", "away"),
        record.volumes().rows().stream()
            .map(row -> List.of(row.volume(), String.join(", ", row.hosts()), away(row)))
            .toList());
  }

  private static String away(VolumeRecord.Row row) {
    return row.where()
        .map(it -> "%s on %s%s".formatted(time(row.away()), it, row.isAway() ? ", still" : ""))
        .orElse("never");
  }

  /** In sentences. */
  List<String> says(Duration whole, boolean isBack) {
    var parts = new ArrayList<String>();
    parts.add(
        record
            .powered()
            .map(it -> "without power for " + time(it))
            .orElse("when it had power again is not known"));
    record
        .reached()
        .ifPresent(it -> parts.add("reached again %s after the cut".formatted(time(it))));
    if (isBack) {
      parts.add("whole and in use again %s after it".formatted(time(whole)));
    }
    var says = new ArrayList<String>();
    says.add("%s: %s.".formatted(host, String.join(", ", parts)));
    if (record.volumes().isEmpty()) {
      says.add("No other host had a volume mounted on which it could be looked at.");
    }
    return says;
  }
}

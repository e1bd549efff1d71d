package io.provision.cli.command;

import io.provision.console.text.Table;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunListener;
import io.provision.engine.event.TargetName;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Where the time of a run went: for each host its login, its look and its repairs, and for each
 * step that had something to do how long that took. Milliseconds, but bytes where it says so, and
 * how often a host was asked.
 */
final class Profile implements RunListener {
  private static final List<String> HOSTS =
      List.of(
          "host",
          "connect",
          "key exchange",
          "authentication",
          "look",
          "repair",
          "requests",
          "bytes sent",
          "bytes received");

  private final Map<TargetName, RunEvent.Parted> hosts = new TreeMap<>();
  private final Map<TargetName, Duration> looks = new TreeMap<>();
  private final Map<TargetName, Duration> repairs = new TreeMap<>();
  private final List<List<String>> steps = new ArrayList<>();

  @Override
  public synchronized void on(RunEvent event) {
    switch (event) {
      case RunEvent.Looked(var target, var took, _) -> looks.merge(target, took, Duration::plus);
      case RunEvent.StepFinished(var target, var step, var outcome, var took) -> {
        if (!(outcome instanceof Outcome.Ok || outcome instanceof Outcome.Skipped)) {
          repairs.merge(target, took, Duration::plus);
          steps.add(List.of(target.toString(), step.name(), text(took)));
        }
      }
      case RunEvent.Parted parted -> hosts.put(parted.target(), parted);
      case RunEvent.Started _,
          RunEvent.Connected _,
          RunEvent.Locked _,
          RunEvent.StepStarted _,
          RunEvent.Progress _,
          RunEvent.Waiting _,
          RunEvent.TargetFailed _,
          RunEvent.TargetFinished _,
          RunEvent.Note _,
          RunEvent.Learnt _,
          RunEvent.Finished _ -> {}
    }
  }

  /** By title; without repairs there is no table of steps. */
  synchronized SequencedMap<String, Table> tables() {
    var rows = new ArrayList<List<String>>();
    hosts.forEach((target, parted) ->
        rows.add(
            List.of(
                target.toString(),
                text(parted.costs().connect()),
                text(parted.costs().keyExchange()),
                text(parted.costs().authentication()),
                text(looks.getOrDefault(target, Duration.ZERO)),
                text(repairs.getOrDefault(target, Duration.ZERO)),
                Integer.toString(parted.requests()),
                Long.toString(parted.costs().bytesSent()),
                Long.toString(parted.costs().bytesReceived()))));
    var tables = new LinkedHashMap<String, Table>();
    tables.put("profile of hosts (ms)", new Table(HOSTS, rows));
    if (!steps.isEmpty()) {
      tables.put("profile of repairs (ms)", new Table(List.of("host", "step", "took"), steps));
    }
    return tables;
  }

  private static String text(Duration took) {
    return Long.toString(took.toMillis());
  }
}

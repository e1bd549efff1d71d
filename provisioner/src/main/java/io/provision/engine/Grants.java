package io.provision.engine;

import io.provision.engine.event.Outcome;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Departure;
import io.provision.step.Orphan;
import io.provision.step.Removals;
import java.util.ArrayList;
import java.util.List;

/** What was asked to be removed of what leaves, and what stays. */
final class Grants {
  private Grants() {}

  /** With the removals that were asked for among the rest. */
  static Check granted(Check check, Removals asked) {
    if (!(check instanceof Check.Leaving(var departures, var rest))) {
      return check;
    }
    var all = new ArrayList<>(List.of(rest));
    departures.stream()
        .filter(departure -> asked.ask(departure.orphans()))
        .map(Departure::removal)
        .forEach(all::add);
    return new Check.Leaving(departures, all.size() == 1 ? rest : Checks.together(all));
  }

  /** What stays although it has left the inventory, as a plan and a report tell it. */
  static List<Outcome.Left> notAsked(Check check, Removals asked) {
    return check instanceof Check.Leaving(var departures, _)
        ? departures.stream()
            .filter(departure -> !asked.ask(departure.orphans()))
            .map(Grants::left)
            .toList()
        : List.of();
  }

  private static Outcome.Left left(Departure departure) {
    var names = departure.orphans().stream().map(Orphan::toString).toList();
    var obstacle =
        switch (departure.removal()) {
          case Check.Refused(var what, var remedy, _) -> what + "; " + remedy;
          case Check.NotYet notYet -> "waiting for " + notYet.awaited();
          case Check.Unknown(var awaiting, _) -> "not known before: " + awaiting;
          case Check.Skipped(var reason, _) -> reason;
          case Check.InSync _, Check.Drift _, Check.Leaving _ -> "";
        };
    return new Outcome.Left(
        names, departure.changes(), obstacle, departure.begun(), departure.lost());
  }
}

package io.provision.step;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * The one place where checks become one. A refusal wins, then what is unknown, then drift (changes
 * and repairs in the order of the checks; why others are skipped is among its notes), then what
 * must be waited for, then what was skipped; what leaves is kept beside all of these.
 */
public final class Checks {
  private Checks() {}

  /** The one check that says what these say together. */
  public static Check together(List<Check> checks) {
    var sorted = new Sorted();
    checks.forEach(sorted::add);
    var rest = sorted.rest();
    return sorted.departures.isEmpty() ? rest : new Check.Leaving(sorted.departures, rest);
  }

  public static Check together(Check... checks) {
    return together(List.of(checks));
  }

  /**
   * The first, and once nothing is to be done about that, the second with it: what can only be
   * told, or only matters, then. Nothing that the first said is lost.
   */
  public static Check then(Check first, Supplier<Check> second) {
    return switch (first) {
      case Check.InSync _, Check.Skipped _ -> together(first, second.get());
      case Check.Leaving(var departures, var rest) ->
          together(new Check.Leaving(departures, new Check.InSync()), then(rest, second));
      case Check.Drift _, Check.NotYet _, Check.Refused _, Check.Unknown _ -> first;
    };
  }

  /**
   * As {@link #then}, of what goes on while the first is repaired: where the second is in sync
   * already, a first that differs tells what that tells, so that a plan can compare others with it.
   */
  public static Check meanwhile(Check first, Supplier<Check> second) {
    return first instanceof Check.Drift(var changes, var repair, var observed)
            && second.get() instanceof Check.InSync(var seen)
        ? new Check.Drift(changes, repair, observed.and(seen))
        : then(first, second);
  }

  /** The same, repaired in another way where it differs. */
  public static Check repairedBy(Check check, UnaryOperator<Repair> other) {
    return switch (check) {
      case Check.Drift(var changes, var repair, var observed) ->
          new Check.Drift(changes, other.apply(repair), observed);
      case Check.Leaving(var departures, var rest) ->
          new Check.Leaving(departures, repairedBy(rest, other));
      case Check.InSync _, Check.Skipped _, Check.NotYet _, Check.Refused _, Check.Unknown _ ->
          check;
    };
  }

  private static final class Sorted {
    private final List<Departure> departures = new ArrayList<>();
    private final List<Check.Refused> refused = new ArrayList<>();
    private final List<Check.Unknown> unknown = new ArrayList<>();
    private final List<Check.Drift> drift = new ArrayList<>();
    private final List<Check.NotYet> waits = new ArrayList<>();
    private final List<String> skipped = new ArrayList<>();
    private Observed observed = Observed.NOTHING;

    void add(Check check) {
      switch (check) {
        case Check.InSync(var seen) -> observed = observed.and(seen);
        case Check.Skipped(var reason, var seen) -> {
          skipped.add(reason);
          observed = observed.and(seen);
        }
        case Check.Drift one -> drift.add(one);
        case Check.NotYet one -> waits.add(one);
        case Check.Refused one -> refused.add(one);
        case Check.Unknown one -> unknown.add(one);
        case Check.Leaving(var leaving, var rest) -> {
          departures.addAll(leaving);
          add(rest);
        }
      }
    }

    Check rest() {
      if (!refused.isEmpty()) {
        return new Check.Refused(
            joined(refused.stream().map(Check.Refused::what).toList()),
            joined(refused.stream().map(Check.Refused::remedy).toList()),
            refused.stream().anyMatch(Check.Refused::unsafe));
      }
      if (!unknown.isEmpty()) {
        return notKnown();
      }
      if (!drift.isEmpty()) {
        return new Check.Drift(
            drift.stream().flatMap(each -> each.changes().stream()).toList(),
            Repair.together(drift.stream().map(Check.Drift::repair).toList()),
            new Observed(known(), notes()));
      }
      if (!waits.isEmpty()) {
        return waits.getFirst(); // the others are said when this one is over
      }
      return skipped.isEmpty()
          ? new Check.InSync(observed)
          : new Check.Skipped(joined(skipped), observed);
    }

    private List<String> notes() {
      var notes = new LinkedHashSet<String>();
      drift.forEach(each -> notes.addAll(each.notes()));
      notes.addAll(skipped);
      notes.addAll(observed.notes());
      return List.copyOf(notes);
    }

    /** What those that differ can tell already; of the others, the repair may change it. */
    private Map<Output<?>, Object> known() {
      return drift.stream()
          .map(Check.Drift::observed)
          .reduce(Observed.NOTHING, Observed::and)
          .values();
    }

    private Check notKnown() {
      var mayDo = new LinkedHashSet<Change.Action>();
      unknown.forEach(check -> mayDo.addAll(check.mayDo()));
      drift.forEach(check -> check.changes().forEach(change -> mayDo.add(change.action())));
      return new Check.Unknown(
          joined(unknown.stream().map(Check.Unknown::awaiting).toList()), mayDo);
    }
  }

  private static String joined(List<String> texts) {
    return texts.stream().distinct().collect(Collectors.joining("; "));
  }
}

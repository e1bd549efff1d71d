package io.provision.engine;

import io.provision.engine.event.Removal;
import io.provision.engine.event.Report;
import io.provision.engine.event.TargetName;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Departure;
import io.provision.step.Orphan;
import io.provision.step.Removals;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** What leaves, and what of it a run may take away: nothing that was not asked for by its name. */
final class Leaving {
  private Leaving() {}

  /** The same departures with another rest. */
  static Check with(Check check, Check rest) {
    return check instanceof Check.Leaving(var departures, _)
        ? new Check.Leaving(departures, rest)
        : rest;
  }

  /** What holds of all that does not leave. */
  static Check rest(Check check) {
    return check instanceof Check.Leaving(_, var rest) ? rest : check;
  }

  /**
   * Why a run that was asked to remove something cannot know what is meant.
   *
   * @param complete whether everybody was heard who was asked
   * @param narrowed whether not everybody was asked
   */
  static Optional<Report.Stop> unknown(
      Removals asked, Collection<List<Verdict>> verdicts, boolean complete, boolean narrowed) {
    var there = new TreeSet<Orphan>();
    verdicts.stream().flatMap(List::stream).flatMap(Leaving::orphans).forEach(there::add);
    var wrong = new ArrayList<String>();
    for (var word : asked.words()) {
      var meant = there.stream().filter(orphan -> orphan.isCalled(word)).toList();
      if (meant.size() > 1) {
        wrong.add("'%s' can be %s".formatted(word, joined(meant)));
      } else if (meant.isEmpty() && complete) {
        wrong.add(
            "nothing called '%s' has left the inventory, or lost a role, and is still there%s"
                .formatted(
                    word,
                    narrowed ? " in what this run may change (--limit, --only, --skip)" : ""));
      }
    }
    var remedy =
        there.isEmpty()
            ? "there is nothing to remove: leave --remove out. What is still in the inventory is"
                + " taken out of it first; what was removed already needs no further run"
            : "what can be removed: %s".formatted(joined(there));
    return wrong.isEmpty()
        ? Optional.empty()
        : Optional.of(new Report.Stop.NothingLeaves(String.join("; ", wrong), remedy));
  }

  /** Words that named nothing in a run that could not hear everybody. */
  static List<String> unheard(Removals asked, Collection<List<Verdict>> verdicts) {
    var there = verdicts.stream().flatMap(List::stream).flatMap(Leaving::orphans).toList();
    return asked.words().stream()
        .filter(word -> there.stream().noneMatch(orphan -> orphan.isCalled(word)))
        .toList();
  }

  private static Stream<Orphan> orphans(Verdict verdict) {
    return departures(verdict).flatMap(departure -> departure.orphans().stream());
  }

  private static Stream<Departure> departures(Verdict verdict) {
    return verdict instanceof Verdict.Said(_, Check.Leaving(var departures, _), _)
        ? departures.stream()
        : Stream.of();
  }

  /**
   * What a run was asked to remove: all that is said of one orphan by any host once, in the order
   * of names, and the words that nobody could explain yet. What is refused anyway is not asked for.
   */
  static List<Removal> removals(Removals asked, Map<TargetName, List<Verdict>> verdicts) {
    var removals = new TreeMap<String, Removal>();
    new TreeMap<>(verdicts)
        .forEach((target, list) ->
            list.stream()
                .flatMap(Leaving::departures)
                .filter(departure -> asked.ask(departure.orphans()))
                .filter(departure -> !(departure.removal() instanceof Check.Refused))
                .forEach(departure ->
                    removals.merge(
                        departure.orphans().toString(),
                        removal(target, departure),
                        Leaving::both)));
    var all = new ArrayList<>(removals.values());
    unheard(asked, verdicts.values())
        .forEach(word -> all.add(new Removal(List.of(word), List.of(), "")));
    return all;
  }

  private static Removal removal(TargetName target, Departure departure) {
    var names = departure.orphans().stream().map(Orphan::toString).toList();
    var changes =
        departure.changes().stream()
            .map(it -> new Change(it.action(), target + ": " + it.subject(), it.detail()))
            .toList();
    return new Removal(names, changes, departure.aftermath());
  }

  private static Removal both(Removal one, Removal other) {
    return new Removal(
        one.names(),
        Stream.concat(one.changes().stream(), other.changes().stream()).toList(),
        one.aftermath().isEmpty() ? other.aftermath() : one.aftermath());
  }

  /** Whether everything that could have named something to remove has been heard. */
  static boolean complete(TaskGraph graph, Map<TargetName, List<Verdict>> verdicts) {
    return graph
        .all()
        .filter(Task::canRemove)
        .allMatch(task ->
            verdicts.getOrDefault(task.target(), List.of()).stream()
                .filter(verdict -> verdict.task().equals(task))
                .anyMatch(Leaving::isDefinite));
  }

  private static boolean isDefinite(Verdict verdict) {
    return verdict instanceof Verdict.Said(_, var check, _)
        && !(check instanceof Check.Unknown)
        && !(check instanceof Check.Refused);
  }

  private static String joined(Collection<Orphan> orphans) {
    return new TreeMap<>(
            orphans.stream().collect(Collectors.toMap(Orphan::toString, orphan -> orphan)))
        .keySet().stream().collect(Collectors.joining(", "));
  }
}

package io.provision.console.text;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.step.Change;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** A plan to read: step by step in the order of the playbook, equal changes of many hosts once. */
public record PlanText(Ink ink, ChangeText changes) {

  public List<String> lines(Story story) {
    var steps =
        new TreeMap<StepRef, Map<List<String>, TreeSet<TargetName>>>(
            Comparator.comparingInt(StepRef::index));
    for (var verdict : story.verdicts()) {
      var shown = shown(verdict.outcome());
      if (!shown.isEmpty() && verdict.step().isPresent()) {
        steps
            .computeIfAbsent(verdict.step().get(), _ -> new LinkedHashMap<>())
            .computeIfAbsent(shown, _ -> new TreeSet<>(Names::naturally))
            .add(verdict.target());
      }
    }
    var lines = new ArrayList<String>();
    steps.forEach((step, groups) -> {
      lines.add(
          ink.bold(Visible.line(step.name()))
              + ink.dim("  " + Visible.line(step.position().toString())));
      groups.forEach((shown, targets) -> {
        lines.add("  on " + Names.of(targets) + ":");
        shown.forEach(line -> lines.add("    " + line));
      });
    });
    return lines;
  }

  /** Empty for what a plan needs not show. */
  private List<String> shown(Outcome outcome) {
    return switch (outcome) {
      case Outcome.WouldChange(var all) -> changed(all);
      case Outcome.Changed(var all) -> changed(all);
      case Outcome.Leaving(var left) -> left.stream().flatMap(it -> left(it).stream()).toList();
      case Outcome.Pending(var awaiting, var mayDo) -> List.of(unknown(awaiting, mayDo));
      case Outcome.Ok _,
          Outcome.Skipped _,
          Outcome.Failed _,
          Outcome.Unreachable _,
          Outcome.Lost _ ->
          List.of();
    };
  }

  private List<String> changed(List<Change> all) {
    return all.stream().flatMap(change -> changes.lines(change).stream()).toList();
  }

  /** What would go, and what must be typed for it. */
  private List<String> left(Outcome.Left left) {
    var lines = new ArrayList<>(changed(left.changes()));
    lines.add(
        ink.paint(
            Ink.Paint.CYAN,
            "  %s: only with %s"
                .formatted(
                    left.lost().isEmpty()
                        ? "not in the inventory any more"
                        : Visible.prose(left.lost()),
                    Visible.line(left.options()))));
    if (!left.begun().isEmpty()) {
      lines.add(ink.paint(Ink.Paint.YELLOW, "  " + Visible.prose(left.begun())));
    }
    if (!left.obstacle().isEmpty()) {
      lines.add(ink.paint(Ink.Paint.RED, "  not now: " + Visible.prose(left.obstacle())));
    }
    return lines;
  }

  private String unknown(String awaiting, java.util.Set<Change.Action> mayDo) {
    var may =
        mayDo.isEmpty() || mayDo.size() > 4
            ? ""
            : mayDo.stream()
                .sorted()
                .map(OutcomeWords::key)
                .collect(Collectors.joining(", ", " (may ", ")"));
    return ink.paint(Ink.Paint.CYAN, "? unknown until: " + Visible.prose(awaiting)) + ink.dim(may);
  }

  /**
   * For example {@code Plan: 3 to change, 2 unknown, 40 in sync.} Never "nothing to do" on a guess.
   */
  static String verdict(Report report) {
    var total = report.total();
    var sure =
        total.wouldChange() + total.pending() + total.leaving() == 0
            && report.troubled().isEmpty()
            && report.stopped().isEmpty()
            && !report.interrupted();
    var words = new ArrayList<String>();
    if (!sure) {
      words.add(total.wouldChange() + " to change");
      words.add(total.pending() + " unknown");
    }
    Span.addTo(words, total.leaving(), "to leave only when asked");
    words.add(total.ok() + " in sync");
    Span.addTo(words, total.skipped(), "skipped");
    Span.addTo(words, total.failed(), "failed");
    var unseen = report.targets().values().stream().filter(t -> t.unreachable() > 0).count();
    Span.addTo(words, (int) unseen, "unreachable");
    return (sure ? "Nothing to do: " : "Plan: ") + String.join(", ", words) + ".";
  }
}

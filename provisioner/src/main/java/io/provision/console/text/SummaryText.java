package io.provision.console.text;

import io.provision.engine.event.Outcome;
import io.provision.engine.event.Report;
import io.provision.engine.event.RunEvent;
import io.provision.engine.event.RunVerb;
import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * How a run ended: what failed, a table of hosts, the slowest steps, one last line.
 *
 * @param layout makes lines of a table
 */
public record SummaryText(Ink ink, boolean verbose, Function<Table, List<String>> layout) {
  /** Up to this many hosts have a line each; more are grouped by their result. */
  private static final int FEW = 12;

  public SummaryText(Ink ink, boolean verbose) {
    this(ink, verbose, table -> table.lines(ink));
  }

  public List<String> lines(Story story, Report report) {
    var lines = new ArrayList<String>();
    lines.addAll(notes(story.notes()));
    lines.addAll(new FailureText(ink).lines(story.failures()));
    lines.addAll(skipped(story.verdicts()));
    lines.addAll(changed(story.verdicts()));
    lines.addAll(leaving(story.verdicts(), report));
    if (!lines.isEmpty()) {
      lines.add("");
    }
    if (report.verb() == RunVerb.APPLY || !report.troubled().isEmpty()) {
      lines.addAll(table(report));
    }
    report.stopped().ifPresent(stop -> lines.addAll(stopped(stop)));
    lines.addAll(slowest(story.slowest()));
    lines.add(last(report));
    return lines;
  }

  private List<String> notes(List<RunEvent.Note> notes) {
    var groups = new LinkedHashMap<String, TreeSet<TargetName>>();
    notes.forEach(note -> add(groups, note.text(), note.target()));
    return groups.entrySet().stream()
        .map(group ->
            ink.paint(Ink.Paint.YELLOW, "note: ")
                + Names.of(group.getValue())
                + ": "
                + Visible.prose(group.getKey()))
        .toList();
  }

  private List<String> skipped(List<Story.Verdict> verdicts) {
    var groups = new LinkedHashMap<String, TreeSet<TargetName>>();
    for (var verdict : verdicts) {
      if (verdict.outcome() instanceof Outcome.Skipped(var reason)) {
        add(groups, step(verdict) + ": skipped: " + Visible.prose(reason), verdict.target());
      }
    }
    return groups.entrySet().stream()
        .map(group -> ink.dim(Names.of(group.getValue()) + ": " + group.getKey()))
        .toList();
  }

  private List<String> changed(List<Story.Verdict> verdicts) {
    var groups = new LinkedHashMap<String, TreeSet<TargetName>>();
    verdicts.stream()
        .filter(verdict -> verdict.outcome() instanceof Outcome.Changed)
        .sorted(Comparator.comparingInt(v -> v.step().map(StepRef::index).orElse(-1)))
        .forEach(verdict -> add(groups, step(verdict), verdict.target()));
    return groups.entrySet().stream()
        .map(group ->
            ink.paint(Ink.Paint.YELLOW, "changed: ")
                + group.getKey()
                + " on "
                + Names.of(group.getValue()))
        .toList();
  }

  /** A plan has shown it already. */
  private List<String> leaving(List<Story.Verdict> verdicts, Report report) {
    return report.verb() == RunVerb.PLAN
        ? List.of()
        : verdicts.stream()
            .map(Story.Verdict::outcome)
            .filter(Outcome.Leaving.class::isInstance)
            .map(Outcome.Leaving.class::cast)
            .flatMap(leaving -> leaving.left().stream())
            .map(left ->
                ink.paint(
                        Ink.Paint.YELLOW,
                        left.lost().isEmpty() ? "left the inventory: " : "no longer declared: ")
                    + Visible.prose(text(left)))
            .distinct()
            .toList();
  }

  private static String text(Outcome.Left left) {
    var text =
        "%s: nothing was removed"
            .formatted(left.lost().isEmpty() ? String.join(", ", left.names()) : left.lost());
    text += left.begun().isEmpty() ? "" : "; " + left.begun();
    return left.obstacle().isEmpty()
        ? "%s; that is done with %s".formatted(text, left.options())
        : "%s; and not even %s can do it now: %s".formatted(text, left.options(), left.obstacle());
  }

  private static String step(Story.Verdict verdict) {
    return Visible.line(verdict.step().map(Object::toString).orElse("all"));
  }

  private static void add(Map<String, TreeSet<TargetName>> groups, String key, TargetName target) {
    groups.computeIfAbsent(key, _ -> new TreeSet<>(Names::naturally)).add(target);
  }

  private List<String> table(Report report) {
    var rows = new ArrayList<List<String>>();
    var groups = new LinkedHashMap<Report.Tally, List<TargetName>>();
    report.targets().entrySet().stream()
        .sorted(Map.Entry.comparingByKey(Names::naturally))
        .forEach(entry ->
            groups.computeIfAbsent(entry.getValue(), _ -> new ArrayList<>()).add(entry.getKey()));
    if (report.targets().size() <= FEW) {
      report.targets().entrySet().stream()
          .sorted(Map.Entry.comparingByKey(Names::naturally))
          .forEach(entry -> rows.add(row(entry.getKey().toString(), entry.getValue())));
    } else {
      groups.forEach((tally, names) -> rows.add(row(label(names), tally)));
    }
    return layout.apply(
        new Table(List.of("", "ok", "changed", "skipped", "failed", "unreachable"), rows));
  }

  private static String label(List<TargetName> names) {
    return names.size() == 1
        ? names.getFirst().toString()
        : "%s (%s)".formatted(Span.count(names.size(), "host"), Names.of(names));
  }

  private static List<String> row(String name, Report.Tally tally) {
    return List.of(
        name,
        Integer.toString(tally.ok()),
        Integer.toString(tally.changed()),
        Integer.toString(tally.skipped()),
        Integer.toString(tally.failed()),
        Integer.toString(tally.unreachable()));
  }

  private List<String> stopped(Report.Stop stop) {
    return List.of(
        ink.paint(Ink.Paint.RED, "nothing was changed: ") + Visible.prose(stop.what()),
        "    " + ink.bold("what to do: ") + Visible.prose(stop.remedy()));
  }

  private List<String> slowest(List<Story.Verdict> slowest) {
    if (slowest.isEmpty()) {
      return List.of();
    }
    return List.of(
        ink.dim(
            slowest.stream()
                .limit(verbose ? 5 : 3)
                .map(verdict ->
                    "%s on %s %s"
                        .formatted(
                            Visible.line(verdict.step().map(Object::toString).orElse("")),
                            verdict.target(),
                            Span.of(verdict.took())))
                .collect(Collectors.joining(", ", "slowest: ", ""))));
  }

  private String last(Report report) {
    if (report.verb() == RunVerb.PLAN) {
      return ink.bold(PlanText.verdict(report)) + " (" + Span.of(report.took()) + ")";
    }
    var total = report.total();
    var count = report.targets().keySet().stream().filter(name -> name.host().isPresent()).count();
    var hosts = Span.count((int) count, "host");
    var words =
        new ArrayList<String>(
            List.of("%d ok".formatted(total.ok()), "%d changed".formatted(total.changed())));
    Span.addTo(words, total.leaving(), "left to be removed when asked");
    Span.addTo(words, total.skipped(), "skipped");
    Span.addTo(words, total.failed(), "failed");
    Span.addTo(words, total.unreachable(), "unreachable");
    var good = report.troubled().isEmpty() && report.stopped().isEmpty() && !report.interrupted();
    var head = report.interrupted() ? "Interrupted" : good ? "Done" : "Not done";
    return ink.paint(good ? Ink.Paint.GREEN : Ink.Paint.RED, head)
        + ": %s: %s in %s.".formatted(hosts, String.join(", ", words), Span.of(report.took()));
  }
}

package io.provision.console.text;

import io.provision.engine.event.Failure;
import io.provision.engine.event.TargetName;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;

/** Failures for a person: where, what, the evidence, and what to do. Equal ones are said once. */
record FailureText(Ink ink) {
  private static final int MOST_LINES = 25;

  private record Kind(String step, String place, String result, Failure failure) {}

  List<String> lines(List<Story.Verdict> failed) {
    var groups = new LinkedHashMap<Kind, TreeSet<TargetName>>();
    failed.forEach(verdict ->
        groups
            .computeIfAbsent(kind(verdict), _ -> new TreeSet<>(Names::naturally))
            .add(verdict.target()));
    var lines = new ArrayList<String>();
    groups.forEach((kind, targets) -> lines.addAll(block(kind, Names.of(targets))));
    return lines;
  }

  private static Kind kind(Story.Verdict verdict) {
    return new Kind(
        verdict.step().map(Object::toString).orElse(""),
        verdict.step().map(step -> step.position().toString()).orElse(""),
        OutcomeWords.of(verdict.outcome()),
        verdict.failure().orElseThrow());
  }

  private List<String> block(Kind kind, String names) {
    var failure = kind.failure();
    var lines = new ArrayList<String>();
    var where = kind.step().isEmpty() ? names : names + ": " + Visible.line(kind.step());
    var place = kind.place().isEmpty() ? "" : ink.dim(" (" + Visible.line(kind.place()) + ")");
    lines.add(ink.paint(Ink.Paint.RED, where + " " + kind.result()) + place);
    Visible.proseLines(failure.what()).forEach(line -> lines.add("    " + line));
    var skipped = Math.max(0, failure.lines().size() - MOST_LINES);
    failure.lines().stream()
        .skip(skipped)
        .forEach(line -> lines.add("      | " + Visible.fileLine(line)));
    if (!failure.remedy().isEmpty()) {
      lines.add("    " + ink.bold("what to do: ") + Visible.prose(failure.remedy()));
    }
    return lines;
  }
}

package io.provision.console.text;

import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examined;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/** What was found, for a person: what is worst first, and what mends it below each. */
public final class DiagnosisText {
  private static final int INDENT = 9;

  private DiagnosisText() {}

  /** One thing that was found, of whom, and by which examination. */
  public record Found(String of, String examination, Diagnosis diagnosis) {}

  /** All of them: what is worst first, and of as bad ones in the order in which they came. */
  public static List<Found> found(List<Examined> all) {
    return all.stream()
        .flatMap(
            it -> it.found().stream().map(found -> new Found(it.of(), it.examination(), found)))
        .sorted(Comparator.comparing(found -> found.diagnosis().severity()))
        .toList();
  }

  public static String key(Diagnosis.Severity severity) {
    return severity.name().toLowerCase(Locale.ROOT);
  }

  public static List<String> lines(List<Examined> all, Ink ink) {
    var lines = new ArrayList<String>();
    for (var found : found(all)) {
      var diagnosis = found.diagnosis();
      var word = key(diagnosis.severity());
      lines.add(
          ink.paint(paint(diagnosis.severity()), word)
              + " ".repeat(INDENT - word.length())
              + ink.bold(Visible.line(found.of()))
              + " "
              + Visible.prose(diagnosis.evidence())
              + ink.dim(" (%s)".formatted(Visible.line(found.examination()))));
      if (!diagnosis.remedy().isEmpty()) {
        lines.add(" ".repeat(INDENT) + "-> " + Visible.prose(diagnosis.remedy()));
      }
    }
    return lines;
  }

  private static Ink.Paint paint(Diagnosis.Severity severity) {
    return switch (severity) {
      case ERROR -> Ink.Paint.RED;
      case WARNING -> Ink.Paint.YELLOW;
      case NOTE -> Ink.Paint.CYAN;
    };
  }
}

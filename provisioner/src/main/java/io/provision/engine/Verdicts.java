package io.provision.engine;

import io.provision.engine.event.Finding;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.TargetName;
import io.provision.model.Sha256;
import io.provision.step.Canonical;
import io.provision.step.Observations;
import io.provision.step.Observed;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What follows from the verdicts on all targets of a run, taken together. */
final class Verdicts {
  private Verdicts() {}

  /** What a plan keeps of them. */
  static List<Finding> findings(
      Map<TargetName, List<Verdict>> verdicts, Map<TargetName, Observations> seenOf, String key) {
    var findings = new ArrayList<Finding>();
    new TreeMap<>(verdicts)
        .forEach((target, list) -> {
          var seen = seenOf.get(target);
          for (var verdict : list) {
            if (verdict.task().selected() && seen != null) {
              findings.add(finding(verdict, seen, key));
            }
          }
        });
    return findings;
  }

  private static Finding finding(Verdict verdict, Observations seen, String key) {
    var task = verdict.task();
    var outcome = verdict.planned();
    var basis = key + seen.transcript(verdict.asked()) + Canonical.text(outcome);
    return new Finding(
        task.target(),
        task.ref(),
        outcome,
        Evaluation.announced(verdict),
        Sha256.of(basis.getBytes(StandardCharsets.UTF_8)));
  }

  /** The targets that have something to do and were refused nothing. */
  static Set<TargetName> working(Map<TargetName, List<Verdict>> verdicts) {
    var working = new LinkedHashSet<TargetName>();
    new TreeMap<>(verdicts)
        .forEach((target, list) -> {
          var refused =
              list.stream()
                  .filter(verdict -> verdict.task().selected())
                  .anyMatch(verdict -> verdict.planned() instanceof Outcome.Failed);
          if (!refused && list.stream().anyMatch(Verdict::isWork)) {
            working.add(target);
          }
        });
    return working;
  }

  /** From the first thing to do on: what is in order now may not be after the repairs before it. */
  static Map<Integer, List<TargetName>> workingBySegment(
      Map<TargetName, List<Verdict>> verdicts, Collection<TargetName> working) {
    var bySegment = new HashMap<Integer, List<TargetName>>();
    for (var target : working) {
      var list = verdicts.getOrDefault(target, List.of());
      list.stream()
          .dropWhile(verdict -> !verdict.isWork())
          .filter(verdict -> verdict.task().selected())
          .map(verdict -> verdict.task().segment())
          .distinct()
          .forEach(
              segment -> bySegment.computeIfAbsent(segment, _ -> new ArrayList<>()).add(target));
    }
    return bySegment;
  }

  /** An apply promises nothing: what it does not do is left out, with the reason. */
  static Outcome left(Verdict verdict, List<Verdict> all) {
    var planned = verdict.planned();
    if (!(planned instanceof Outcome.WouldChange || planned instanceof Outcome.Pending)) {
      return planned;
    }
    return new Outcome.Skipped(
        all.stream()
            .filter(each -> each.task().selected())
            .filter(each -> each.planned() instanceof Outcome.Failed)
            .findFirst()
            .map(each -> "'%s' was refused".formatted(each.task().ref()))
            .orElse("the run was interrupted"));
  }

  /** By target, the outputs that its look saw. */
  static Map<TargetName, Observed> seen(Map<TargetName, List<Verdict>> verdicts) {
    var all = new HashMap<TargetName, Observed>();
    verdicts.forEach((target, list) -> {
      var own = Observed.NOTHING;
      for (var verdict : list) {
        own = own.and(verdict.said().map(Verdict::observed).orElse(Observed.NOTHING));
      }
      all.put(target, own);
    });
    return all;
  }
}

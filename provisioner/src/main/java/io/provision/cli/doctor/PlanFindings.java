package io.provision.cli.doctor;

import io.provision.engine.event.Failure;
import io.provision.engine.event.Finding;
import io.provision.engine.event.Outcome;
import io.provision.engine.event.RunResult;
import io.provision.engine.event.TargetName;
import io.provision.model.HostName;
import io.provision.step.ExpiryView;
import io.provision.step.doctor.Diagnosis;
import io.provision.step.doctor.Examined;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What a plan says of hosts, as a doctor tells it. */
final class PlanFindings {
  /** The examination of who cannot be logged in to. */
  static final String LOGIN = "login";

  private PlanFindings() {}

  /**
   * What the plan refuses; what it would do is no illness.
   *
   * @param told names of steps of which it is told elsewhere
   */
  static List<Examined> of(RunResult result, Set<String> told) {
    var all = new ArrayList<Examined>();
    for (var finding : result.plan().findings()) {
      if (!told.contains(finding.step().name())) {
        switch (finding.outcome()) {
          case Outcome.Failed(var failure) ->
              all.add(examined(finding, Diagnosis.error(failure.what(), failure.remedy())));
          case Outcome.Ok _ ->
              all.add(new Examined(name(finding), finding.step().name(), List.of()));
          case Outcome.Changed _,
              Outcome.WouldChange _,
              Outcome.Pending _,
              Outcome.Leaving _,
              Outcome.Unreachable _,
              Outcome.Lost _,
              Outcome.Skipped _ -> {}
        }
      }
    }
    return all;
  }

  /** Of whom nothing was seen, and why. */
  static Examined gone(TargetName target, Outcome outcome) {
    var why =
        switch (outcome) {
          case Outcome.Failed(var failure) -> failure;
          case Outcome.Unreachable(var failure) -> failure;
          case Outcome.Lost(var failure) -> failure;
          case Outcome.Ok _,
              Outcome.Changed _,
              Outcome.WouldChange _,
              Outcome.Pending _,
              Outcome.Leaving _,
              Outcome.Skipped _ ->
              new Failure(outcome.why(), "");
        };
    return new Examined(
        target.toString(), LOGIN, List.of(Diagnosis.error(why.what(), why.remedy())));
  }

  /** Hosts on which an apply would do something by this step. */
  static Set<HostName> changed(RunResult result, String step) {
    return result.plan().findings().stream()
        .filter(finding -> finding.step().name().equals(step))
        .filter(finding -> finding.outcome() instanceof Outcome.WouldChange)
        .flatMap(finding -> finding.target().host().stream())
        .collect(Collectors.toUnmodifiableSet());
  }

  /** What a plan notes of the hosts that answered. */
  static List<Examined> notes(RunResult result) {
    var all = new ArrayList<Examined>();
    for (var entry : new TreeMap<>(result.seen()).entrySet()) {
      var notes = entry.getValue().notes().stream().map(note -> Diagnosis.note(note, "")).toList();
      if (!notes.isEmpty()) {
        all.add(new Examined(entry.getKey().toString(), "plan", notes));
      }
    }
    return all;
  }

  /** What has ended works no more; what ends soon does until then. */
  static Examined ending(ExpiryView.Ending ending, Path inventory) {
    var remedy =
        "'provision apply' renews what it may; 'provision certs %s' shows who renews which"
            .formatted(inventory);
    var found =
        ending.over()
            ? Diagnosis.error(ending.says(), remedy)
            : Diagnosis.warning(ending.says(), remedy);
    return new Examined(ending.of(), "certificates", List.of(found));
  }

  private static Examined examined(Finding finding, Diagnosis diagnosis) {
    return new Examined(name(finding), finding.step().name(), List.of(diagnosis));
  }

  private static String name(Finding finding) {
    return finding.target().toString();
  }
}

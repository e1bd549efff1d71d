package io.provision.engine;

import io.provision.engine.event.StepRef;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.model.SecretUnavailable;
import io.provision.model.rotation.Fact;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Removals;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * One step on one target, with the target filled in.
 *
 * @param besides what it asks once this is known
 * @param segment which part of the playbook it belongs to: plays without serial that follow each
 *     other are one
 * @param removals what this run may remove of what has left the inventory
 * @param canRemove whether the step knows of things that leave
 * @param refusals what is wrong with what was declared, seen without looking
 * @param whenChanged see {@link Step#whenChanged}
 * @param facts see {@link Step#facts}
 * @param selected whether this run may change anything for it; otherwise only its outputs count
 */
record Task(
    TargetName target,
    StepRef ref,
    int segment,
    boolean selected,
    Probes probes,
    Function<Known, Probes> besides,
    List<Need> needs,
    Set<Output<?>> provides,
    Set<Change.Action> mayDo,
    Removals removals,
    boolean canRemove,
    List<Check.Refused> refusals,
    Function<String, Optional<Change>> whenChanged,
    Function<Observations, List<Fact>> facts,
    Comparison comparison) {

  /**
   * The first that is open is what a plan says of the step, and a set has another order in every
   * process.
   */
  private static final Comparator<Need> ONE_ORDER =
      Comparator.comparing((Need need) -> need.output().name())
          .thenComparing(Need::quantity)
          .thenComparing(need -> need.of().toString());

  /** A step's check on its own target, with the removals that were asked for granted. */
  interface Comparison {
    Check check(Observations seen, Known known);
  }

  static <T extends Target> Task of(
      TargetName name, T target, Item<T> item, int segment, Options options) {
    Step<T> step = item.step();
    var selected = options.selects(name, item.ref().name());
    var asked = selected ? options.removals() : Removals.NONE;
    return new Task(
        name,
        item.ref(),
        segment,
        selected,
        step.probes(target),
        known -> besides(step, target, known.asked(asked)),
        needs(step, target, asked),
        Set.copyOf(step.provides(target)),
        mayDo(step, asked),
        asked,
        !step.mayRemove().isEmpty(),
        selected ? List.copyOf(step.refusals(target)) : List.of(),
        subject -> step.whenChanged(target, subject),
        seen -> step.facts(target, seen),
        (seen, known) -> {
          try {
            return Grants.granted(step.check(target, seen, known.asked(asked)), asked);
          } catch (SecretUnavailable e) {
            return new Check.Refused(e.reason(), e.remedy());
          }
        });
  }

  /** All it asks, now that this is known. */
  Probes probes(Known known) {
    return probes.and(besides.apply(known));
  }

  private static <T extends Target> Probes besides(Step<T> step, T target, Known known) {
    var besides = step.probes(target, known);
    if (!besides.questions().isEmpty() || !besides.desk().isEmpty()) {
      throw new IllegalStateException("only the cluster is asked more once its needs are known");
    }
    return besides;
  }

  /** Why it is not done although somebody needs it. */
  String leftOut() {
    var undone = "'%s' is not done on %s".formatted(ref, target);
    return selected
        ? undone
        : undone + ", and this run may not change that (see --limit, --only, --skip)";
  }

  /** This task, which also waits for that, if it asks the cluster at all or tells what is there. */
  Task asking(Need need) {
    if (probes.cluster().isEmpty() && provides.isEmpty() && needs.isEmpty()) {
      return this;
    }
    var more = java.util.stream.Stream.concat(java.util.stream.Stream.of(need), needs.stream());
    return new Task(
        target,
        ref,
        segment,
        selected,
        probes,
        besides,
        more.toList(),
        provides,
        mayDo,
        removals,
        canRemove,
        refusals,
        whenChanged,
        facts,
        comparison);
  }

  private static <T extends Target> List<Need> needs(Step<T> step, T target, Removals asked) {
    var needs = new LinkedHashSet<>(step.needs(target));
    if (!asked.words().isEmpty()) {
      needs.addAll(step.removalNeeds(target));
    }
    return needs.stream().sorted(ONE_ORDER).toList();
  }

  private static Set<Change.Action> mayDo(Step<?> step, Removals asked) {
    var all = new HashSet<>(step.mayDo());
    if (!asked.words().isEmpty()) {
      all.addAll(step.mayRemove());
    }
    return Set.copyOf(all);
  }
}

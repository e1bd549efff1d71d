package io.provision.engine;

import io.provision.engine.event.TargetName;
import io.provision.step.Check;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Refuses, before anything is changed, what could only wait for ever for a batch of its play. */
record DeadlockRefusals(TaskGraph graph) {
  /** The same verdicts, with a refusal in the place of each that would wait for ever. */
  Map<TargetName, List<Verdict>> in(Map<TargetName, List<Verdict>> verdicts) {
    if (graph.isWithoutSerial()) {
      return verdicts;
    }
    var working = Verdicts.working(verdicts);
    var batches = batches(verdicts, working);
    var stuck = stuck(working, CarriedOver.outputs(graph, verdicts, working), batches);
    var left = new TreeMap<TargetName, List<Verdict>>();
    verdicts.forEach((target, list) ->
        left.put(target, list.stream().map(verdict -> without(stuck, verdict)).toList()));
    return left;
  }

  /** The batches of those that are worked on. */
  Batches batches(Map<TargetName, List<Verdict>> verdicts, Set<TargetName> working) {
    return new Batches(graph.serial(), Verdicts.workingBySegment(verdicts, working));
  }

  /** By task, by identity, what it must not wait for. */
  Map<Task, String> stuck(Set<TargetName> working, Outputs outputs, Batches batches) {
    var lists = new TreeMap<TargetName, List<Task>>();
    working.forEach(target -> lists.put(target, graph.tasks().getOrDefault(target, List.of())));
    return new SerialDeadlocks(lists, outputs, batches).find();
  }

  private static Verdict without(Map<Task, String> stuck, Verdict verdict) {
    var why = stuck.get(verdict.task());
    return why == null
        ? verdict
        : new Verdict.Said(verdict.task(), new Check.Refused(why, SerialDeadlocks.REMEDY));
  }
}

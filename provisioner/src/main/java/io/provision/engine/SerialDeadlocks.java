package io.provision.engine;

import io.provision.engine.event.TargetName;
import io.provision.step.Need;
import io.provision.step.Provider;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.TreeMap;

/**
 * Finds, before anything is repaired, the steps that would wait for ever because of {@code serial}:
 * for a target whose batch comes later, or for one that itself waits for such a target. Everybody's
 * walk is gone through on paper; where all stand still, one of those who wait for an output is
 * taken out, and the others go on.
 */
final class SerialDeadlocks {
  static final String REMEDY = "take 'serial' off one of the plays";

  private final SequencedMap<TargetName, List<Task>> lists = new TreeMap<>();
  private final Map<TargetName, Integer> at = new HashMap<>();
  private final Outputs outputs;
  private final Batches batches;

  /**
   * @param lists of each target that is worked on, in order
   */
  SerialDeadlocks(Map<TargetName, List<Task>> lists, Outputs outputs, Batches batches) {
    lists.forEach((target, tasks) -> {
      this.lists.put(target, tasks.stream().filter(Task::selected).toList());
      at.put(target, 0);
    });
    this.outputs = outputs;
    this.batches = batches;
  }

  /** By task, by identity, what it must not wait for. */
  Map<Task, String> find() {
    var found = new IdentityHashMap<Task, String>();
    if (!batches.any()) {
      return found;
    }
    while (true) {
      goOn();
      var stuck = firstStuck();
      if (stuck.isEmpty()) {
        return found;
      }
      var task = stuck.get();
      found.put(task, unmet(task).orElseThrow());
      at.put(task.target(), list(task.target()).size());
    }
  }

  private void goOn() {
    for (var moved = true; moved; ) {
      moved = false;
      for (var target : lists.keySet()) {
        for (var next = next(target); next.isPresent(); next = next(target)) {
          if (waitsForBatch(next.get()) || unmet(next.get()).isPresent()) {
            break;
          }
          at.merge(target, 1, Integer::sum);
          moved = true;
        }
      }
    }
  }

  private Optional<Task> firstStuck() {
    return lists.keySet().stream()
        .flatMap(target -> next(target).stream())
        .filter(task -> !waitsForBatch(task) && unmet(task).isPresent())
        .findFirst();
  }

  private List<Task> list(TargetName target) {
    return lists.getOrDefault(target, List.of());
  }

  private int place(TargetName target) {
    return at.getOrDefault(target, 0);
  }

  private Optional<Task> next(TargetName target) {
    return list(target).stream().skip(place(target)).findFirst();
  }

  private boolean waitsForBatch(Task task) {
    return batches.before(task.segment(), task.target()).stream()
        .anyMatch(other ->
            list(other).stream()
                .skip(place(other))
                .anyMatch(each -> each.segment() <= task.segment()));
  }

  /** What a task would wait for now. */
  private Optional<String> unmet(Task task) {
    return task.needs().stream().flatMap(need -> unmet(task, need).stream()).findFirst();
  }

  private Optional<String> unmet(Task task, Need need) {
    var awaited = TargetName.of(reachable(task, need, outputs, batches).of());
    for (var provider : awaited.isEmpty() ? TargetName.of(need.of()) : awaited) {
      if (owes(provider, need)) {
        var why =
            batches.later(task.segment(), task.target(), provider)
                ? "whose batch comes later"
                : "which itself waits for a later batch";
        return Optional.of("it needs '%s' of %s, %s".formatted(need.output(), provider, why));
      }
    }
    return Optional.empty();
  }

  private boolean owes(TargetName provider, Need need) {
    return outputs.promised(provider, need.output())
        && outputs.peek(provider, need.output()).isEmpty()
        && list(provider).stream()
            .skip(place(provider))
            .anyMatch(task -> task.provides().contains(need.output()));
  }

  /** Where any host will do, it is one of those that do not come only after whoever asks. */
  static Need reachable(Task task, Need need, Outputs outputs, Batches batches) {
    return switch (need.of()) {
      case Provider.Hosts(var names) when Outputs.isAny(need) ->
          new Need(
              need.output(),
              new Provider.Hosts(
                  names.stream()
                      .filter(name -> {
                        var provider = TargetName.of(name);
                        return !batches.later(task.segment(), task.target(), provider)
                            || outputs.peek(provider, need.output()).isPresent();
                      })
                      .toList()),
              need.quantity());
      case Provider.Hosts _, Provider.Cluster _, Provider.Local _ -> need;
    };
  }
}

package io.provision.engine;

import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one target is asked again behind its repairs. */
final class LooksAgain {
  private final List<Task> tasks;
  private final Ahead ahead;
  private final List<Probes> all;

  /** What was left to do when that was asked last. */
  private @Nullable Task left;

  LooksAgain(List<Task> tasks, Ahead ahead) {
    this.tasks = tasks;
    this.ahead = ahead;
    this.all = tasks.stream().map(Task::probes).toList();
  }

  /** Everything that is asked of it before anything is known. */
  List<Probes> all() {
    return all;
  }

  /**
   * Own questions, and those of later steps whose answers a repair can change: all of them where
   * files can come along.
   */
  List<Probes> behind(Task task, Probes asked, boolean everything) {
    var probes = new ArrayList<Probes>(List.of(asked));
    for (var later : tasks.subList(tasks.indexOf(task) + 1, tasks.size())) {
      var questions =
          later.probes().questions().stream()
              .filter(question -> everything || !question.kind().standsAlone())
              .toList();
      probes.add(new Probes(questions, later.probes().desk(), later.probes().cluster()));
    }
    return probes;
  }

  /** What to ask behind repairs that go over together. */
  List<Probes> behind(Bundle bundle, Observations seen) throws InterruptedException {
    var doing = bundle.members().stream().map(Bundle.Member::task).toList();
    if (isLast(doing, seen)) {
      return all;
    }
    var brings = bundle.members().getLast().repair().bringsFiles();
    var first = doing.getFirst();
    var probes = new ArrayList<>(behind(first, first.probes(), brings));
    doing.forEach(task -> probes.add(task.probes()));
    return probes;
  }

  /**
   * Whether nothing is left to do behind what is done now, as it looks before: then the look behind
   * it can be the last one, at everything. It need not come so.
   */
  boolean isLast(List<Task> doing, Observations seen) throws InterruptedException {
    if (left != null
        && tasks.indexOf(left) > tasks.indexOf(doing.getLast())
        && !isInSync(left, seen)) {
      return false; // as the last time: the others need not be compared for it
    }
    for (var task : tasks.reversed()) { // what is new on a host is seen at the end of its list
      if (doing.contains(task)) {
        return true;
      }
      if (task.selected() && !isInSync(task, seen)) {
        left = task;
        return false;
      }
    }
    return true;
  }

  private boolean isInSync(Task task, Observations seen) throws InterruptedException {
    var known = ahead.known(task);
    return known.isPresent()
        && switch (Leaving.rest(task.comparison().check(seen, known.get()))) {
          case Check.InSync _, Check.Skipped _ -> true;
          case Check.Drift _, Check.NotYet _, Check.Refused _, Check.Unknown _, Check.Leaving _ ->
              false;
        };
  }
}

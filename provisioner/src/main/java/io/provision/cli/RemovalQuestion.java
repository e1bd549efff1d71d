package io.provision.cli;

import io.provision.console.Operator;
import io.provision.engine.event.Removal;
import io.provision.step.Change;
import java.util.ArrayList;
import java.util.List;

/** Shows what a removal takes away, what it leaves behind, and asks for its name. */
final class RemovalQuestion {
  private RemovalQuestion() {}

  /** Whether all of them were named. Where nobody is there the answer is no. */
  static boolean ask(Operator operator, List<Removal> removals) {
    return removals.stream().allMatch(removal -> ask(operator, removal));
  }

  private static boolean ask(Operator operator, Removal removal) {
    var name = String.join(", ", removal.names().stream().map(RemovalQuestion::name).toList());
    return operator
        .answer(
            shown(removal), "Type '%s' to remove it, or nothing to change nothing".formatted(name))
        .filter(name::equals)
        .isPresent();
  }

  private static List<String> shown(Removal removal) {
    var lines = new ArrayList<String>();
    lines.add("To be removed: " + String.join(", ", removal.names()));
    if (removal.changes().isEmpty()) {
      lines.add("  What that takes away is not known yet: no host could say so.");
    }
    removal.changes().forEach(change -> lines.add("  - " + line(change)));
    if (!removal.aftermath().isEmpty()) {
      lines.add("  " + removal.aftermath());
    }
    return lines;
  }

  private static String line(Change change) {
    return change.detail() instanceof Change.Detail.Value(var from, var to)
        ? "%s: %s -> %s".formatted(change.subject(), from, to.isEmpty() ? "(none)" : to)
        : change.subject();
  }

  /** Without its kind. */
  private static String name(String orphan) {
    return orphan.substring(orphan.indexOf('/') + 1);
  }
}

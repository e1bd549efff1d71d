package io.provision.load.yaml;

import io.provision.model.Position;
import io.provision.section.Findings;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects all that is wrong, so that it can be said at once. Not for several threads. */
public final class Problems implements Findings {
  private static final int MOST = 500;
  private final Set<InputProblem> errors = new LinkedHashSet<>();
  private final Set<InputProblem> warnings = new LinkedHashSet<>();
  private int unlisted;

  @Override
  public void add(Position at, String reason) {
    if (errors.size() < MOST) {
      errors.add(new InputProblem(at, reason));
    } else {
      unlisted++;
    }
  }

  @Override
  public void warn(Position at, String reason) {
    if (warnings.size() < MOST) {
      warnings.add(new InputProblem(at, reason));
    }
  }

  public boolean isEmpty() {
    return errors.isEmpty();
  }

  /** In the order of the file; a file that is wrong everywhere ends in a count. */
  public List<InputProblem> errors() {
    var sorted = new ArrayList<>(errors.stream().sorted(order()).toList());
    if (unlisted > 0) {
      sorted.add(new InputProblem(sorted.getLast().at(), "and %d more".formatted(unlisted)));
    }
    return List.copyOf(sorted);
  }

  public List<InputProblem> warnings() {
    return warnings.stream().sorted(order()).toList();
  }

  /** Throws what was collected, if anything was. */
  public void refuseIfAny() {
    if (!isEmpty()) {
      throw new InputRefused(errors());
    }
  }

  private static Comparator<InputProblem> order() {
    return Comparator.comparing((InputProblem problem) -> problem.at().file())
        .thenComparingInt(problem -> problem.at().line())
        .thenComparingInt(problem -> problem.at().column());
  }
}

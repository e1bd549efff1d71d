package io.provision.load;

import java.util.List;
import java.util.stream.Collectors;

/** The input cannot be used. Its message has one line for each problem. */
public final class InputRefused extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient List<Problem> problems;

  public InputRefused(List<Problem> problems) {
    super(problems.stream().map(Problem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** In the order of the file; never empty. */
  public List<Problem> problems() {
    return problems;
  }
}

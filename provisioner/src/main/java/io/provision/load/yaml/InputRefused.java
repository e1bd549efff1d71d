package io.provision.load.yaml;

import java.util.List;
import java.util.stream.Collectors;

/** The input cannot be used. Its message has one line for each problem. */
public final class InputRefused extends RuntimeException {
  private static final long serialVersionUID = 1;
  private final transient List<InputProblem> problems;

  public InputRefused(List<InputProblem> problems) {
    super(problems.stream().map(InputProblem::toString).collect(Collectors.joining("\n")));
    this.problems = List.copyOf(problems);
  }

  /** In the order of the file; never empty. */
  public List<InputProblem> problems() {
    return problems;
  }
}

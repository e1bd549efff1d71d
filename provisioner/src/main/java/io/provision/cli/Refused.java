package io.provision.cli;

import io.provision.console.Problem;
import java.util.List;

/** The command cannot be begun: what is wrong, all of it, in the operator's words. */
final class Refused extends Exception {
  private final transient List<Problem> problems;
  private final ExitCode code;

  Refused(List<Problem> problems, ExitCode code) {
    super(problems.toString());
    this.problems = List.copyOf(problems);
    this.code = code;
  }

  Refused(List<Problem> problems) {
    this(problems, ExitCode.REFUSED);
  }

  Refused(String where, String what) {
    this(List.of(Problem.error(where, what)));
  }

  List<Problem> problems() {
    return problems;
  }

  ExitCode code() {
    return code;
  }
}

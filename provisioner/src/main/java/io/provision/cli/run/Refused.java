package io.provision.cli.run;

import io.provision.console.Problem;
import io.provision.engine.TaskGraphRefused;
import io.provision.engine.event.Report;
import java.util.List;
import java.util.Optional;

/**
 * The command cannot be begun, or what it came to cannot be kept: what is wrong, all of it, in the
 * operator's words.
 */
public final class Refused extends Exception {
  private final transient List<Problem> problems;
  private final ExitCode code;
  private final transient Optional<Report> report;

  public Refused(List<Problem> problems, ExitCode code) {
    this(problems, code, Optional.empty());
  }

  private Refused(List<Problem> problems, ExitCode code, Optional<Report> report) {
    super(problems.toString());
    this.problems = List.copyOf(problems);
    this.code = code;
    this.report = report;
  }

  /** A run came to this, but what was asked for with it could not be written. */
  public static Refused unwritten(Report report, List<Problem> problems) {
    return new Refused(problems, ExitCode.of(report).orLost(), Optional.of(report));
  }

  public Refused(List<Problem> problems) {
    this(problems, ExitCode.REFUSED);
  }

  /** A playbook that cannot be carried out. */
  public static Refused of(TaskGraphRefused playbook) {
    return new Refused(
        playbook.gaps().stream()
            .map(gap -> Problem.error(gap.position().toString(), gap.what()))
            .toList());
  }

  public Refused(String where, String what) {
    this(List.of(Problem.error(where, what)));
  }

  public List<Problem> problems() {
    return problems;
  }

  /** A run stopped, as was said, for its journal could not be kept: nobody interrupted it. */
  public static Refused unjournaled(Report report) {
    var code = ExitCode.of(report);
    return new Refused(
        List.of(),
        code == ExitCode.INTERRUPTED ? ExitCode.OUTPUT_LOST : code.orLost(),
        Optional.of(report));
  }

  /** Of the run, where there was one. */
  public Optional<Report> report() {
    return report;
  }

  public ExitCode code() {
    return code;
  }
}

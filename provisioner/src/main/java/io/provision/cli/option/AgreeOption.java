package io.provision.cli.option;

import io.provision.cli.run.Context;
import io.provision.cli.run.Refused;
import io.provision.cli.run.RunRequest;
import io.provision.console.Operator;
import io.provision.engine.event.Report;
import io.provision.ssh.HostKeys;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Whether what a command takes away was agreed to beforehand. */
public final class AgreeOption {
  @Option(
      names = "--force-remove",
      description = "do not ask before what is named is removed (where there is no terminal)")
  private boolean force;

  public boolean agreed() {
    return force;
  }

  /** Applies what takes something away, once that is agreed to. */
  public Report apply(RunRequest request, Context context) throws Refused {
    return context
        .program()
        .apply(request.trusting(new HostKeys()).agreed(force), Optional.empty())
        .report();
  }

  /**
   * What cannot be undone is asked for by name, or was agreed to on the command line.
   *
   * @param otherwise by what else it can be agreed to, as the end of a sentence
   */
  public static void requireSomebodyToAsk(
      String what, boolean agreed, String otherwise, Operator operator) throws Refused {
    if (!agreed && !operator.present()) {
      throw new Refused(
          what,
          "nobody can be asked to confirm it: standard input and output must be a terminal. In"
              + " scripts add --force-remove"
              + otherwise);
    }
  }
}

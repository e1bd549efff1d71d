package io.provision.cli.command;

import io.provision.cli.option.OutputOptions;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.engine.event.Report;
import java.util.Optional;

/** What one command does once its arguments were understood. */
public interface Command {
  OutputOptions output();

  Ending run(Context context) throws Refused;

  /** How it ended. */
  record Ending(ExitCode code, Optional<Report> report) {
    public static final Ending DONE = new Ending(ExitCode.DONE, Optional.empty());

    public static Ending of(Report report) {
      return new Ending(ExitCode.of(report), Optional.of(report));
    }
  }
}

package io.provision.cli;

import io.provision.cli.command.Command;
import io.provision.cli.option.OutputOptions;
import io.provision.cli.option.Suggestion;
import io.provision.cli.run.Context;
import io.provision.cli.run.ExitCode;
import io.provision.cli.run.Refused;
import io.provision.cli.run.UnderWay;
import io.provision.console.Display;
import io.provision.console.Displays;
import io.provision.console.Problem;
import io.provision.console.Settings;
import io.provision.engine.event.Report;
import io.provision.engine.session.Interrupt;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/**
 * Understands what was typed, runs it, and turns every way it can end into an exit code and a last
 * word.
 */
record Dispatch(Invocation invocation) {

  ExitCode run(String first, String... args) {
    var verb = Verb.of(first);
    if (verb.isEmpty()) {
      var hint =
          first.startsWith("-")
              ? "'%s' stands before the command; write 'provision COMMAND %s'"
              : "there is no command '%s'" + Suggestion.of(first, Verb.keys());
      return refuse(args, hint.formatted(first, first), "provision --help");
    }
    var line = verb.get().line();
    Command command = line.getCommand();
    try {
      var rest = Arrays.copyOfRange(args, 1, args.length);
      line.parseArgs(rest);
      if (line.isUsageHelpRequested()) {
        invocation.streams().out().print(line.getUsageMessage(CommandLine.Help.Ansi.OFF));
        return ExitCode.DONE;
      }
    } catch (CommandLine.ParameterException e) {
      return refuse(args, reason(e), "provision " + first + " --help");
    }
    return perform(command, args);
  }

  private static String reason(CommandLine.ParameterException refused) {
    var reason = String.valueOf(refused.getMessage());
    if (refused instanceof CommandLine.UnmatchedArgumentException unmatched) {
      var typed = unmatched.getUnmatched().isEmpty() ? "" : unmatched.getUnmatched().getFirst();
      var name = typed.contains("=") ? typed.substring(0, typed.indexOf('=')) : typed;
      return reason
          + Suggestion.of(name, refused.getCommandLine().getCommandSpec().optionsMap().keySet());
    }
    return reason;
  }

  private ExitCode refuse(String[] args, String what, String help) {
    var display = display(OutputOptions.guess(args));
    display.problems(List.of(Problem.error("", what + ". See '" + help + "'")));
    return end(display, Optional.empty(), ExitCode.REFUSED);
  }

  private static ExitCode end(Display display, Optional<Report> report, ExitCode code) {
    var lost = code.orLost();
    return display.end(report, code.code(), lost.code()) == code.code() ? code : lost;
  }

  private Display display(Settings settings) {
    return Displays.of(
        settings, invocation.streams(), invocation.environment(), invocation.clock());
  }

  private ExitCode perform(Command command, String... args) {
    Settings settings;
    try {
      settings = command.output().settings();
    } catch (Refused refused) {
      var display = display(OutputOptions.guess(args));
      return ended(display, refused);
    }
    var display = display(settings);
    var interrupt = new Interrupt();
    var underWay = new UnderWay();
    if (invocation.signals()) {
      InterruptKeys.listen(interrupt, underWay, display);
    }
    try {
      var ending =
          command.run(
              new Context(
                  display,
                  invocation.program(),
                  interrupt,
                  underWay,
                  invocation.version(),
                  invocation.clock()));
      return end(display, ending.report(), ending.code());
    } catch (Refused refused) {
      return ended(display, refused);
    } catch (RuntimeException | Error bug) {
      return crashed(display, bug);
    }
  }

  private static ExitCode ended(Display display, Refused refused) {
    display.problems(refused.problems());
    return end(display, refused.report(), refused.code());
  }

  private ExitCode crashed(Display display, Throwable bug) {
    var what =
        new CrashLog(invocation.environment(), invocation.clock()).keep(bug, invocation.version());
    try {
      display.problems(List.of(Problem.error("", what)));
      return end(display, Optional.empty(), ExitCode.BUG);
    } catch (RuntimeException again) {
      bug.addSuppressed(again);
    }
    return ExitCode.BUG;
  }
}

package io.provision.cli;

import io.provision.cli.run.ExitCode;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The first look at what was typed: help and version need no parser, all else is dispatched. */
final class Cli {
  private final Invocation invocation;

  Cli(Invocation invocation) {
    this.invocation = invocation;
  }

  /** Runs one command; never throws. */
  int run(String... args) {
    var first = args.length == 0 ? "--help" : args[0];
    var code =
        switch (first) {
          case "--help", "-h" -> print(RootHelp.text());
          case "--version", "-V" -> print("provision " + invocation.version() + "\n");
          case Completion.COMMAND ->
              print(
                  Wiring.completion().of(List.of(args).subList(1, args.length)).stream()
                      .map(word -> word + "\n")
                      .collect(Collectors.joining()));
          case "help" -> help(Arrays.copyOfRange(args, 1, args.length));
          default -> new Dispatch(invocation).run(first, args);
        };
    return settled(code).code();
  }

  /** What was lost on its way to standard output is told where there is still somebody to hear. */
  private ExitCode settled(ExitCode code) {
    var streams = invocation.streams();
    streams.flush();
    var lost = streams.lost();
    lost.ifPresent(reason -> {
      streams
          .err()
          .println(
              "standard output cannot be written (%s): not all of the result is there"
                  .formatted(reason));
      streams.flush();
    });
    return lost.isEmpty() ? code : code.orLost();
  }

  private ExitCode help(String... args) {
    return args.length == 0
        ? print(RootHelp.text())
        : new Dispatch(invocation).run(args[0], args[0], "--help");
  }

  private ExitCode print(String text) {
    invocation.streams().out().print(text);
    return ExitCode.DONE;
  }
}

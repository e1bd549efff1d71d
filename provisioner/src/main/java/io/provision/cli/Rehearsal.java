package io.provision.cli;

import io.provision.console.Streams;
import java.io.OutputStream;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * Goes through the usual commands once, silently, so that the launcher can record which classes
 * they need (JEP 514). It connects to nothing and writes nothing.
 */
public final class Rehearsal {
  private Rehearsal() {}

  public static void main(String[] args) {
    var nowhere =
        Streams.of(OutputStream.nullOutputStream(), OutputStream.nullOutputStream(), false);
    var commands =
        List.of(
            "--version",
            "--help",
            "plan --help",
            "aply",
            "steps",
            "validate /dev/null",
            "validate /dev/null --output json");
    var cli =
        new Cli(
            new Cli.Surroundings(
                nowhere, Map.of(), Clock.systemUTC(), Wiring::program, "rehearsal", false));
    for (var command : commands) {
      var code = cli.run(command.split(" "));
      if (code == ExitCode.BUG.code()) {
        throw new IllegalStateException("'" + command + "' ended in a bug");
      }
    }
  }
}

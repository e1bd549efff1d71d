package io.provision.cli;

import io.provision.console.Streams;
import java.time.Clock;

/** Where the program begins. */
public final class Main {
  private Main() {}

  /** Runs one command and ends the process with its exit code. */
  public static void main(String[] args) {
    var environment = System.getenv();
    var clock = Clock.systemUTC();
    // Whether or not there is an SLF4J provider: it must not say so on the operator's screen.
    System.setProperty("slf4j.internal.verbosity", "ERROR");
    // Nobody configures this program in Groovy: looking for it in all jars takes ten milliseconds.
    System.setProperty("picocli.disable.closures", "true");
    // A thread that dies of a bug must not print on the operator's screen.
    Thread.setDefaultUncaughtExceptionHandler(
        (_, bug) -> new CrashLog(environment, clock).keep(bug, version()));
    var cli =
        new Cli(
            new Invocation(
                Streams.standard(environment),
                environment,
                clock,
                Wiring::program,
                version(),
                true));
    System.exit(cli.run(args));
  }

  private static String version() {
    var packaged = Main.class.getPackage().getImplementationVersion();
    return packaged == null ? "(not packaged)" : packaged;
  }
}

package io.provision.cli;

import io.provision.console.Streams;
import java.io.IOException;
import java.io.OutputStream;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/**
 * Where a training run begins, from which the launcher records the start-up cache (JEP 514). What
 * is gone through is no part of the program: the build compiles it apart, and it is loaded here,
 * since a cache fits nothing but the class path that it was recorded with.
 */
public final class Training {
  private static final String REHEARSAL = "io.provision.rehearsal.Rehearsal";

  private Training() {}

  /**
   * @param args the directory with the classes of the rehearsal and the one it may write to;
   *     nothing for what needs no parser, whose cache is to hold no class more
   */
  public static void main(String[] args) throws IOException, ReflectiveOperationException {
    var main = Class.forName("io.provision.cli.Main"); // every start needs it
    for (var word : List.of("--version", "--help")) {
      perform(OutputStream.nullOutputStream(), word);
    }
    if (args.length == 2) {
      rehearse(main, args[0], args[1]);
    }
    // MINA's threads are not waited for.
    System.exit(0);
  }

  private static void rehearse(Class<?> main, String classes, String stage)
      throws IOException, ReflectiveOperationException {
    var place = new URL[] {Path.of(classes).toUri().toURL()};
    try (var loader = new URLClassLoader(place, main.getClassLoader())) {
      loader
          .loadClass(REHEARSAL)
          .getMethod("run", Path.class)
          .invoke(null, Path.of(stage).toRealPath());
    }
  }

  /** Runs one command as the program does, with nobody at it; returns its exit code. */
  public static int perform(OutputStream said, String... command) {
    var nowhere = Streams.of(said, said, false);
    return new Cli(
            new Invocation(
                nowhere, Map.of(), Clock.systemUTC(), Wiring::program, "rehearsal", true))
        .run(command);
  }
}

package io.provision.cli;

import io.provision.cli.run.Program;
import io.provision.console.Streams;
import java.time.Clock;
import java.util.Map;
import java.util.function.Supplier;

/**
 * What a command finds around it.
 *
 * @param signals whether Ctrl-C is listened to
 */
record Invocation(
    Streams streams,
    Map<String, String> environment,
    Clock clock,
    Supplier<Program> program,
    String version,
    boolean signals) {
  Invocation {
    environment = Map.copyOf(environment);
  }
}

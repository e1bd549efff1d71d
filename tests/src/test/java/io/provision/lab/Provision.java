package io.provision.lab;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The program as users start it: the launcher of the checkout, in a process of its own. */
final class Provision {
  private static final String LAUNCHER = build();

  private final Path directory;
  private final Map<String, String> environment = new HashMap<>();

  Provision(Path directory) {
    this.directory = directory;
    environment.put("XDG_STATE_HOME", directory.resolve("state").toString());
    environment.put("XDG_CACHE_HOME", directory.resolve("cache").toString());
  }

  Provision with(String variable, String value) {
    environment.put(variable, value);
    return this;
  }

  /** Runs it to its end. */
  Result run(String... arguments) {
    return start(arguments).end();
  }

  /** As {@link #run}, with JSON Lines. */
  Result json(String... arguments) {
    return startJson(arguments).end();
  }

  Running start(String... arguments) {
    return started(Stream.concat(Stream.of(LAUNCHER), Stream.of(arguments)).toList());
  }

  /** Another program, which is given the path of this one as its last argument and runs it. */
  Running within(List<String> words) {
    return started(Stream.concat(words.stream(), Stream.of(LAUNCHER)).toList());
  }

  /** Any other program, with what this one is given. */
  Running command(List<String> words, Path directory) {
    return started(words, directory);
  }

  private Running started(List<String> command) {
    return started(command, directory);
  }

  private Running started(List<String> command, Path directory) {
    try {
      var builder = new ProcessBuilder(command).directory(directory.toFile());
      // nothing of the machine's own that would change what is tested
      List.of("SSH_AUTH_SOCK", "CI", "NO_COLOR").forEach(builder.environment()::remove);
      builder.environment().putAll(environment);
      return new Running(builder.start(), command);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Running startJson(String... arguments) {
    return start(
        Stream.concat(Stream.of(arguments), Stream.of("--output=json")).toArray(String[]::new));
  }

  /** The launcher builds where sources are newer: that is no part of what is timed later. */
  private static String build() {
    var launcher = Checkout.file("provision").toString();
    Commands.run(launcher, "version");
    return launcher;
  }
}

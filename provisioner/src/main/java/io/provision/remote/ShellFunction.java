package io.provision.remote;

import java.util.List;
import java.util.regex.Pattern;

/**
 * A POSIX shell function whose text is a constant of the program: values reach it as positional
 * parameters, on stdin, or not at all.
 *
 * @param name unique in the program, in snake case
 * @param body what stands between the braces
 * @param uses functions it calls
 */
public record ShellFunction(String name, String body, List<ShellFunction> uses) {
  private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");

  public ShellFunction {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "'%s' is not a valid name for a shell function".formatted(name));
    }
    uses = List.copyOf(uses);
  }

  public ShellFunction(String name, String body) {
    this(name, body, List.of());
  }
}

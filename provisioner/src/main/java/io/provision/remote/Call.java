package io.provision.remote;

import java.util.List;

/** A shell function with the values it is called with. */
public record Call(ShellFunction function, List<String> arguments) {
  public Call {
    arguments = List.copyOf(arguments);
  }

  public static Call of(ShellFunction function, String... arguments) {
    return new Call(function, List.of(arguments));
  }
}

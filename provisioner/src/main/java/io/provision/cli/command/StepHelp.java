package io.provision.cli.command;

import java.util.List;

/**
 * What {@code steps} and {@code explain} say of one step.
 *
 * @param target {@code host} or {@code desk}
 * @param summary one sentence
 */
public record StepHelp(
    String name, String target, String summary, List<Parameter> parameters, String example) {
  public StepHelp {
    parameters = List.copyOf(parameters);
  }

  /**
   * A parameter as a playbook writes it.
   *
   * @param type in words
   * @param usual what holds where it is left out; empty where nothing does
   * @param example a value
   */
  public record Parameter(
      String name, String type, boolean required, String usual, String meaning, String example) {}
}

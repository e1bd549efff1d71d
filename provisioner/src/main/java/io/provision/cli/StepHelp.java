package io.provision.cli;

import java.util.List;

/**
 * What {@code steps} and {@code explain} say of one step.
 *
 * @param target {@code host} or {@code desk}
 * @param summary one sentence
 */
record StepHelp(
    String name, String target, String summary, List<Parameter> parameters, String example) {
  StepHelp {
    parameters = List.copyOf(parameters);
  }

  /** A parameter as a playbook writes it. */
  record Parameter(String name, String type, boolean required, String meaning) {}
}

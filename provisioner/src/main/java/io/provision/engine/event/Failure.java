package io.provision.engine.event;

import java.util.List;

/**
 * Why something failed, for an operator.
 *
 * @param what what happened, with its evidence
 * @param remedy what to do
 * @param command what was run, as a person would type it; empty where that is not known
 * @param exit its exit status, -1 where there is none
 * @param lines the last lines it printed
 * @param unsafe whether it is that something was not safe to do, and was not done
 */
public record Failure(
    String what, String remedy, String command, int exit, List<String> lines, boolean unsafe) {
  public Failure {
    lines = List.copyOf(lines);
  }

  public Failure(String what, String remedy, String command, int exit, List<String> lines) {
    this(what, remedy, command, exit, lines, false);
  }

  /** Of what was not safe to do, and was not done. */
  public static Failure unsafe(String what, String remedy) {
    return new Failure(what, remedy, "", -1, List.of(), true);
  }

  public Failure(String what, String remedy) {
    this(what, remedy, "", -1, List.of());
  }
}

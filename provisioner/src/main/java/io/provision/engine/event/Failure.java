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
 * @param kind whether it is of a kind that a run ends with in its own way
 */
public record Failure(
    String what, String remedy, String command, int exit, List<String> lines, Kind kind) {

  /** Kinds of failures. */
  public enum Kind {
    /** Something did not go as it should. */
    BROKEN,
    /** Something was not safe to do, and was not done. */
    UNSAFE,
    /** It is the turn of another run, or of what it works on. */
    HELD
  }

  public Failure {
    lines = List.copyOf(lines);
  }

  public Failure(String what, String remedy, String command, int exit, List<String> lines) {
    this(what, remedy, command, exit, lines, Kind.BROKEN);
  }

  /** Of what was not safe to do, and was not done. */
  public static Failure unsafe(String what, String remedy) {
    return new Failure(what, remedy, "", -1, List.of(), Kind.UNSAFE);
  }

  /** Of what has to wait for another run. */
  public static Failure held(String what, String remedy) {
    return new Failure(what, remedy, "", -1, List.of(), Kind.HELD);
  }

  public Failure(String what, String remedy) {
    this(what, remedy, "", -1, List.of());
  }
}

package io.provision.cli.first;

import io.provision.cli.run.Refused;
import io.provision.console.Operator;
import io.provision.console.Problem;
import java.util.List;

/** Asks somebody at a terminal, and again where an answer is refused, with why. */
record FirstQuestions(Operator operator) {
  /** What was refused so many times is refused. */
  private static final int TURNS = 3;

  /** Takes an answer. */
  @FunctionalInterface
  interface Taken {
    void take(String answer) throws Refused;
  }

  /**
   * @param usual what an answer of nothing means; empty where there is no such thing
   * @throws Refused the last time, where no answer could be taken
   */
  void ask(String question, String usual, Taken taken) throws Refused {
    var shown = List.<String>of();
    for (var turn = 1; ; turn++) {
      var asked = usual.isEmpty() ? question : "%s [%s]".formatted(question, usual);
      try {
        taken.take(operator.answer(shown, asked).orElse(usual));
        return;
      } catch (Refused e) {
        if (turn == TURNS) {
          throw e;
        }
        shown = e.problems().stream().map(Problem::what).toList();
      }
    }
  }

  boolean agrees(String question) {
    return operator.agrees(List.of(), question);
  }
}

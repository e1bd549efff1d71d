package io.provision.cli.command;

import io.provision.remote.Answer;

/** Why a script on a host came to no good end, for who called it from here. */
final class ScriptEnd {
  private ScriptEnd() {}

  /**
   * In the script's words: the last line, what came before, and hints.
   *
   * @param otherwise what is said where the script said nothing, as the beginning of a sentence
   */
  static String reason(Answer answer, String otherwise) {
    if (answer.timedOut()) {
      return "it timed out. look at etcd there, then run the same command again";
    }
    var lines = answer.stderr().lines().map(String::strip).filter(it -> !it.isEmpty()).toList();
    var hints = lines.stream().filter(it -> it.startsWith("hint: ")).toList();
    var said = lines.stream().filter(it -> !it.startsWith("hint: ")).toList();
    if (said.isEmpty()) {
      return answer
          .ran()
          .map(ran -> "%s: %s".formatted(otherwise, ran))
          .orElse(otherwise + ", and did not say why. look at etcd there");
    }
    var evidence = said.subList(Math.max(0, said.size() - 4), said.size() - 1);
    return said.getLast()
        + (evidence.isEmpty() ? "" : " (%s)".formatted(String.join("; ", evidence)))
        + (hints.isEmpty() ? "" : ". " + hints.getLast().substring("hint: ".length()));
  }
}

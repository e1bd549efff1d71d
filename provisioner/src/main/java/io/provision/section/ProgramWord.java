package io.provision.section;

import java.util.List;
import java.util.Optional;

/** A program that is run without a shell, or one of its arguments. */
@Text(kind = "program or an argument of it, which no shell reads", sample = "./backup-is-done.sh")
public record ProgramWord(String value) implements Unquoted {
  static final String FORM = "[^\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f]{0,4096}";

  public static List<String> texts(List<ProgramWord> words) {
    return words.stream().map(ProgramWord::value).toList();
  }

  /**
   * What is wrong with a program and its arguments, whoever runs it.
   *
   * @param example what could be written
   */
  public static Optional<String> wrong(List<ProgramWord> words, String example) {
    var first = words.isEmpty() ? "" : words.getFirst().value();
    if (first.isBlank()) {
      return Optional.of(
          "it names no program. write a program and its arguments, such as %s.".formatted(example));
    }
    if (words.size() == 1 && first.strip().contains(" ")) {
      return Optional.of(
          "no shell reads '%s', which would be the name of a program. write a list: [%s]."
              .formatted(first, String.join(", ", first.strip().split("\\s+"))));
    }
    return words.stream().map(ProgramWord::value).anyMatch(SecretWords::isReference)
        ? Optional.of(
            "a reference would not be replaced here: arguments can be seen by everybody where the"
                + " program runs. let it read its secret itself.")
        : Optional.empty();
  }
}

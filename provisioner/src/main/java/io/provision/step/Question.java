package io.provision.step;

import java.util.List;

/** A read-only question. Two that are equal are asked once. */
public record Question<A>(Kind<A> kind, List<String> arguments) {
  public Question {
    arguments = List.copyOf(arguments);
  }

  public static <A> Question<A> of(Kind<A> kind, String... arguments) {
    return new Question<>(kind, List.of(arguments));
  }
}

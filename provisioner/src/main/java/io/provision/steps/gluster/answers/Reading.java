package io.provision.steps.gluster.answers;

import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** What an answer came to: a value, or that nothing can be said. There is no third. */
public sealed interface Reading<T> {

  /** What is said in a few words of what nothing can be said of. */
  String UNKNOWN = "unknown";

  /** The answer was whole. */
  record Of<T>(T read) implements Reading<T> {}

  /** It was not; {@code reason} is for people. */
  record Unknown<T>(String reason) implements Reading<T> {}

  default Optional<T> value() {
    return this instanceof Of<T>(var value) ? Optional.of(value) : Optional.empty();
  }

  /** Why there is no value; empty where there is one. */
  default String why() {
    return this instanceof Unknown<T>(var why) ? why : "";
  }

  default <R> Reading<R> map(Function<T, R> function) {
    return switch (this) {
      case Of<T>(var value) -> new Of<>(function.apply(value));
      case Unknown<T>(var why) -> new Unknown<>(why);
    };
  }

  /** The first that has a value; otherwise the first that says why it has none. */
  static <T> Reading<T> first(List<Reading<T>> readings, String otherwise) {
    return readings.stream()
        .filter(it -> it.value().isPresent())
        .findFirst()
        .or(() -> readings.stream().filter(it -> !it.why().isEmpty()).findFirst())
        .orElseGet(() -> new Unknown<>(otherwise));
  }
}

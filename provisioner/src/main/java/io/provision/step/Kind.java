package io.provision.step;

import io.provision.remote.Frame;
import io.provision.remote.ShellFunction;
import java.util.List;
import java.util.function.Function;

/**
 * A kind of question. All questions of one kind that a host is asked go to one call of its function
 * where they can: one {@code stat} for all files, one {@code dpkg-query} for all packages.
 */
public interface Kind<A> {
  ShellFunction function();

  /** Whether many questions can share one call, their arguments one after the other. */
  boolean batched();

  /**
   * Reads the answer, one value a question, in their order. A program that is not there is an
   * answer too: nothing there yet. Any bytes give values, never an exception.
   */
  List<A> read(List<Question<A>> asked, Frame frame);

  /** Whether the answer changes by itself (a clock, an age), so that a saved plan ignores it. */
  default boolean isVolatile() {
    return false;
  }

  /**
   * Whether only a step that asks the same question can change its answer, as with the content of a
   * file, or a repair that brings files along. Everything else is asked again after any repair:
   * whether a unit runs with the files that are there depends on the files.
   */
  default boolean standsAlone() {
    return false;
  }

  /** Whether this answer says that nothing is there, which something else may bring along. */
  default boolean isMissing(A answer) {
    return false;
  }

  /** A question that has a call of its own. */
  static <A> Kind<A> single(ShellFunction function, Function<Frame, A> reader) {
    return new SingleKind<>(function, reader, false);
  }

  /** As {@link #single}, for an answer that changes by itself. */
  static <A> Kind<A> volatileSingle(ShellFunction function, Function<Frame, A> reader) {
    return new SingleKind<>(function, reader, true);
  }
}

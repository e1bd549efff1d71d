package io.provision.cli;

import io.provision.section.DidYouMean;
import java.util.Collection;

/** What was probably meant. */
final class Suggestion {
  private Suggestion() {}

  /** For example {@code (did you mean 'apply'?)}, or nothing where nothing is near. */
  static String of(String typed, Collection<String> known) {
    return DidYouMean.nearest(typed, known).map(" (did you mean '%s'?)"::formatted).orElse("");
  }
}

package io.provision.cli.option;

import io.provision.section.DidYouMean;
import java.util.Collection;

/** What was probably meant. */
public final class Suggestion {
  private Suggestion() {}

  /** For example {@code (did you mean 'apply'?)}, or nothing where nothing is near. */
  public static String of(String typed, Collection<String> known) {
    return DidYouMean.nearest(typed, known).map(" (did you mean '%s'?)"::formatted).orElse("");
  }
}

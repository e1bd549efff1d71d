package io.provision.cli;

import io.provision.model.Secret;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What was asked for on the command line.
 *
 * @param input an inventory, or for {@code apply} a saved plan
 * @param forks how many hosts are worked on at once; empty for the default
 * @param yes whether questions before a loss were answered with yes beforehand
 * @param out where a plan is saved
 */
record Order(
    Path input,
    Optional<Path> playbook,
    Choice choice,
    OptionalInt forks,
    Logins logins,
    boolean yes,
    Optional<Path> out) {

  /**
   * Which hosts and steps; empty lists choose all.
   *
   * @param remove what has left the inventory and is to be removed
   */
  record Choice(List<String> limit, List<String> only, List<String> skip, List<String> remove) {
    static final Choice ALL = new Choice(List.of(), List.of(), List.of());

    Choice(List<String> limit, List<String> only, List<String> skip) {
      this(limit, only, skip, List.of());
    }

    boolean isAll() {
      return equals(ALL);
    }

    /** As it is typed. */
    @Override
    public String toString() {
      return Stream.of(
              typed("--limit", limit),
              typed("--only", only),
              typed("--skip", skip),
              typed("--remove", remove))
          .filter(text -> !text.isEmpty())
          .collect(Collectors.joining(" "));
    }

    private static String typed(String option, List<String> words) {
      return words.isEmpty() ? "" : option + " " + String.join(",", words);
    }

    Choice {
      limit = List.copyOf(limit);
      only = List.copyOf(only);
      skip = List.copyOf(skip);
      remove = List.copyOf(remove);
    }
  }

  /** Passwords that were typed for this run; they go before those of the inventory. */
  record Logins(Optional<Secret> password, Optional<Secret> becomePassword) {
    static final Logins NONE = new Logins(Optional.empty(), Optional.empty());
  }
}

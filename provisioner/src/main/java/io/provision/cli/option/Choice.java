package io.provision.cli.option;

import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which hosts and steps, as typed or as a saved plan kept them; empty lists choose all.
 *
 * @param remove what has left the inventory and is to be removed
 */
public record Choice(
    List<String> limit, List<String> only, List<String> skip, List<String> remove) {
  static final Choice ALL = new Choice(List.of(), List.of(), List.of(), List.of());

  public Choice {
    limit = List.copyOf(limit);
    only = List.copyOf(only);
    skip = List.copyOf(skip);
    remove = List.copyOf(remove);
  }

  /** The same steps on these hosts. */
  Choice limitedTo(List<String> hosts) {
    return new Choice(hosts, only, skip, remove);
  }

  /** The same hosts and steps, of a command that may remove what is named. */
  public Choice removing(List<String> names) {
    return new Choice(limit, only, skip, names);
  }

  public boolean isAll() {
    return Stream.of(limit, only, skip, remove).allMatch(List::isEmpty);
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
}

package io.provision.cli.option;

import io.provision.console.Problem;
import io.provision.engine.event.TargetName;
import io.provision.model.Host;
import io.provision.model.Inventory;
import java.nio.file.FileSystems;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.PatternSyntaxException;

/**
 * What {@code --limit} means: hosts, groups, globs of host names, {@code cluster} and {@code
 * local}; with {@code !} before it a word takes away, whatever the order of words. Where no word
 * names hosts and one takes some away, all others are meant. The cluster and the operator's machine
 * are in it only where they are named.
 */
public final class Limit {
  static final String OPTION = "--limit";
  static final String CLUSTER = "cluster";
  public static final String LOCAL = "local";

  private final Inventory inventory;
  private final List<Problem> problems;
  private final Set<TargetName> chosen = new LinkedHashSet<>();
  private final Set<TargetName> taken = new LinkedHashSet<>();

  private Limit(Inventory inventory, List<Problem> problems) {
    this.inventory = inventory;
    this.problems = problems;
  }

  /**
   * The targets that may be changed; empty without a limit.
   *
   * @param problems takes up words that name nothing, and a limit that leaves nothing
   */
  static Optional<Set<TargetName>> of(
      List<String> words, Inventory inventory, List<Problem> problems) {
    if (words.isEmpty()) {
      return Optional.empty();
    }
    var before = problems.size();
    var targets = new Limit(inventory, problems).all(words);
    if (targets.isEmpty() && problems.size() == before) {
      problems.add(Problem.error(OPTION, "'%s' leaves nothing".formatted(String.join(",", words))));
    }
    return Optional.of(targets);
  }

  private Set<TargetName> all(List<String> words) {
    for (var word : words) {
      if (word.startsWith("!")) {
        taken.addAll(meant(word.substring(1)));
      } else {
        chosen.addAll(meant(word));
      }
    }
    if (chosen.stream().noneMatch(Limit::isHost) && taken.stream().anyMatch(Limit::isHost)) {
      chosen.addAll(names(inventory.known()));
    }
    chosen.removeAll(taken);
    return chosen;
  }

  private List<TargetName> meant(String word) {
    if (word.equals(CLUSTER)) {
      return List.of(TargetName.CLUSTER);
    }
    if (word.equals(LOCAL)) {
      return List.of(TargetName.DESK);
    }
    var hosts = inventory.select(word).or(() -> matching(word));
    if (hosts.isEmpty()) {
      problems.add(
          Problem.error(
              OPTION,
              "there is no group or host '%s'%s"
                  .formatted(word, Suggestion.of(word, words(inventory)))));
    }
    return names(hosts.orElse(List.of()));
  }

  private Optional<List<Host>> matching(String word) {
    if (word.chars().noneMatch(each -> "*?[".indexOf(each) >= 0)) {
      return Optional.empty();
    }
    try {
      var glob = FileSystems.getDefault().getPathMatcher("glob:" + word);
      var hosts =
          inventory.known().stream()
              .filter(host -> glob.matches(Path.of(host.name().value())))
              .toList();
      return hosts.isEmpty() ? Optional.empty() : Optional.of(hosts);
    } catch (PatternSyntaxException _) {
      return Optional.empty();
    }
  }

  private static List<String> words(Inventory inventory) {
    var words = new ArrayList<>(List.of(CLUSTER, LOCAL));
    words.addAll(Inventory.BUILT_IN_GROUPS);
    words.addAll(inventory.groups().keySet());
    inventory.known().forEach(host -> words.add(host.name().value()));
    return words;
  }

  private static boolean isHost(TargetName target) {
    return target.host().isPresent();
  }

  private static List<TargetName> names(List<Host> hosts) {
    return hosts.stream().map(Host::name).map(TargetName::of).toList();
  }
}

package io.provision.cli;

import io.provision.cli.command.CatalogHelp;
import io.provision.cli.command.StepHelp;
import io.provision.cli.option.Selection;
import io.provision.cli.run.Inputs;
import io.provision.cli.run.Refused;
import io.provision.load.bind.Surroundings;
import io.provision.model.Host;
import io.provision.model.Inventory;
import io.provision.model.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;

/**
 * What can follow on a command line, for the scripts that {@code provision completion} prints. It
 * reads the inventory that stands on the line, so that it knows hosts, groups and steps; it says
 * nothing where a file is expected, and nothing of what is wrong.
 */
public record Completion(Surroundings surroundings) {
  /** What the launcher does by itself. */
  private static final List<String> SCRIPTS = List.of("lab", "demo", "test");

  private static final List<String> MEANT = List.of("cluster", "local");

  /** The command that the scripts call; no person types it. */
  static final String COMMAND = "__complete";

  /**
   * The words that fit.
   *
   * @param words of the line behind {@code provision}; the last is the one that is being typed
   */
  List<String> of(List<String> words) {
    var typed = words.isEmpty() || words.getLast().equals("=") ? "" : words.getLast();
    // bash takes --limit=w1 apart
    var before =
        words.stream().limit(Math.max(0, words.size() - 1)).filter(it -> !it.equals("=")).toList();
    if (before.isEmpty()) {
      return fitting(typed, Stream.concat(Verb.keys().stream(), SCRIPTS.stream()));
    }
    var option = option(before);
    if (option.isPresent()) {
      return values(option.get(), typed, before);
    }
    return typed.startsWith("-")
        ? fitting(typed, options(before.getFirst()))
        : fitting(typed, arguments(before));
  }

  /** The option whose value is being typed. */
  private static Optional<ArgSpec> option(List<String> before) {
    return spec(before.getFirst())
        .map(spec -> (ArgSpec) spec.optionsMap().get(before.getLast()))
        .filter(option -> option.arity().max() > 0);
  }

  /** What the word that stands for a value in the help can be; a command may say it itself. */
  private List<String> values(ArgSpec option, String typed, List<String> before) {
    return switch (option.paramLabel()) {
      case "HOSTS" -> listed(typed, hosts(before));
      case "STEP" -> listed(typed, steps(before));
      case "HOST" -> fitting(typed, storage(before));
      default -> fitting(typed, candidates(option));
    };
  }

  private static Stream<String> candidates(ArgSpec argument) {
    var candidates = argument.completionCandidates();
    return candidates == null ? Stream.of() : StreamSupport.stream(candidates.spliterator(), false);
  }

  private static Optional<CommandSpec> spec(String verb) {
    return Verb.of(verb).map(known -> known.line().getCommandSpec());
  }

  private static List<String> fitting(String typed, Stream<String> words) {
    return words.filter(word -> word.startsWith(typed)).distinct().sorted().toList();
  }

  /** The last of a list with commas; a {@code !} before a host stays. */
  private static List<String> listed(String typed, Stream<String> words) {
    var comma = typed.lastIndexOf(',') + 1;
    var start = typed.startsWith("!", comma) ? comma + 1 : comma;
    var head = typed.substring(0, start);
    return fitting(typed, words.map(word -> head + word));
  }

  private static Stream<String> options(String verb) {
    return spec(verb).stream()
        .flatMap(known -> known.optionsMap().keySet().stream())
        .filter(option -> option.startsWith("--"));
  }

  private static Stream<String> arguments(List<String> before) {
    return switch (before.getFirst()) {
      case "lab" -> before.size() > 1 ? Stream.of() : Stream.of("up", "down");
      case "test" -> before.size() > 1 ? Stream.of() : Stream.of("unit", "hosts", "long");
      case "help" -> before.size() > 1 ? Stream.of() : Verb.keys().stream();
      default ->
          spec(before.getFirst()).stream()
              .flatMap(spec -> spec.positionalParameters().stream())
              .filter(argument -> argument.index().contains(before.size() - 1))
              .flatMap(Completion::candidates);
    };
  }

  private Stream<String> hosts(List<String> before) {
    return read(before).map(Inputs.Read::inventory).stream().flatMap(Completion::names);
  }

  private static Stream<String> names(Inventory inventory) {
    return Stream.of(
            Inventory.BUILT_IN_GROUPS.stream(),
            MEANT.stream(),
            inventory.groups().keySet().stream(),
            inventory.known().stream().map(Host::toString))
        .flatMap(each -> each);
  }

  private Stream<String> storage(List<String> before) {
    return read(before).map(read -> read.inventory().with(Role.STORAGE)).stream()
        .flatMap(List::stream)
        .map(Host::toString);
  }

  /** Those of the playbook; of an inventory that is wrong, all there are. */
  private Stream<String> steps(List<String> before) {
    return read(before)
        .map(read -> Selection.stepNames(read.playbook()).stream())
        .orElseGet(() -> CatalogHelp.all().stream().map(StepHelp::name));
  }

  /** The inventory is the first word that is a file and no option's value. */
  private Optional<Inputs.Read> read(List<String> before) {
    Optional<Path> playbook = Optional.empty();
    var files = new ArrayList<Path>();
    for (var i = 1; i < before.size(); i++) {
      var after = before.get(i - 1);
      var isFile = Files.isRegularFile(Path.of(before.get(i)));
      if (after.equals("--playbook") && isFile) {
        playbook = Optional.of(Path.of(before.get(i)));
      } else if (isFile && !after.startsWith("--")) {
        files.add(Path.of(before.get(i)));
      }
    }
    if (files.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new Inputs(surroundings).read(files.getFirst(), playbook));
    } catch (Refused _) {
      return Optional.empty(); // 'validate' says what is wrong with it
    }
  }
}

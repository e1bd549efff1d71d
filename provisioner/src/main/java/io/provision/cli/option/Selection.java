package io.provision.cli.option;

import io.provision.cli.run.Refused;
import io.provision.console.Problem;
import io.provision.engine.Options;
import io.provision.engine.Runner;
import io.provision.engine.TaskGraphRefused;
import io.provision.engine.event.TargetName;
import io.provision.engine.playbook.Item;
import io.provision.engine.playbook.Play;
import io.provision.engine.playbook.Playbook;
import io.provision.model.Inventory;
import io.provision.step.Removals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What --limit, --only and --skip choose; a word that names nothing is refused. */
public record Selection(Inventory inventory, Playbook playbook) {
  /** A host that takes longer to answer questions hangs. */
  private static final Duration LOOK_LIMIT = Duration.ofMinutes(3);

  /** What was chosen; where that is refused, with what is wrong with the playbook beside it. */
  Options options(Choice choice, int forks, String owner) throws Refused {
    var problems = new ArrayList<Problem>();
    var limit = Limit.of(choice.limit(), inventory, problems);
    var steps = stepNames(playbook);
    var only = names("--only", choice.only(), steps, problems);
    var skip = names("--skip", choice.skip(), steps, problems);
    var removals = new Removals(Set.copyOf(choice.remove()));
    var options = new Options(limit, only, skip, removals, forks, owner, LOOK_LIMIT);
    if (problems.isEmpty() && !choice.isAll() && !selectsAny(options, playbook)) {
      problems.add(Problem.error("", "%s leaves no step to do".formatted(choice)));
    }
    if (!problems.isEmpty()) {
      validate(everything(owner)).ifPresent(more -> problems.addAll(more.problems()));
      throw new Refused(problems);
    }
    return options;
  }

  /** What is wrong with the playbook, as far as that can be known without a connection. */
  public Optional<Refused> validate(Options options) {
    try {
      Runner.validate(playbook, inventory, options);
      return Optional.empty();
    } catch (TaskGraphRefused e) {
      return Optional.of(Refused.of(e));
    }
  }

  /** As if nothing had been chosen. */
  private static Options everything(String owner) {
    return new Options(
        Optional.empty(),
        Set.of(),
        Set.of(),
        Removals.NONE,
        Options.USUAL_FORKS,
        owner,
        LOOK_LIMIT);
  }

  private static boolean selectsAny(Options options, Playbook playbook) {
    return playbook.plays().stream()
        .anyMatch(play ->
            targets(play)
                .anyMatch(target ->
                    items(play).stream()
                        .anyMatch(item -> options.selects(target, item.ref().name()))));
  }

  private static Stream<TargetName> targets(Play play) {
    return switch (play) {
      case Play.OnHosts onHosts -> onHosts.hosts().stream().map(host -> TargetName.of(host.name()));
      case Play.OnCluster _ -> Stream.of(TargetName.CLUSTER);
      case Play.OnDesk _ -> Stream.of(TargetName.DESK);
    };
  }

  private static Set<String> names(
      String option, List<String> words, Set<String> known, List<Problem> problems) {
    for (var word : words) {
      if (!known.contains(word)) {
        problems.add(
            Problem.error(
                option,
                "no step of this playbook is named '%s'%s; it has %s"
                    .formatted(word, Suggestion.of(word, known), String.join(", ", known))));
      }
    }
    return Set.copyOf(words);
  }

  public static Set<String> stepNames(Playbook playbook) {
    var names = new TreeSet<String>();
    playbook.plays().forEach(play -> items(play).forEach(item -> names.add(item.ref().name())));
    return names;
  }

  private static List<? extends Item<?>> items(Play play) {
    return switch (play) {
      case Play.OnHosts onHosts -> onHosts.items();
      case Play.OnCluster(_, var items) -> items;
      case Play.OnDesk(_, var items) -> items;
    };
  }
}

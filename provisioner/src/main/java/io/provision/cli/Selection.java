package io.provision.cli;

import io.provision.console.Problem;
import io.provision.engine.Options;
import io.provision.engine.Play;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.step.Removals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What --limit, --only and --skip choose; a word that names nothing is refused. */
final class Selection {
  /** A host that takes longer to answer questions hangs. */
  private static final Duration LOOK_LIMIT = Duration.ofMinutes(3);

  private Selection() {}

  static Options options(Order order, Inputs.Read read, String owner) throws Refused {
    var problems = new ArrayList<Problem>();
    var limit = limit(order, read, problems);
    var steps = stepNames(read);
    var only = names("--only", order.choice().only(), steps, problems);
    var skip = names("--skip", order.choice().skip(), steps, problems);
    if (!problems.isEmpty()) {
      throw new Refused(problems);
    }
    var forks = order.forks().orElse(Options.USUAL_FORKS);
    var removals = new Removals(Set.copyOf(order.choice().remove()));
    return new Options(limit, only, skip, removals, forks, owner, LOOK_LIMIT);
  }

  private static Optional<Set<HostName>> limit(
      Order order, Inputs.Read read, List<Problem> problems) {
    if (order.choice().limit().isEmpty()) {
      return Optional.empty();
    }
    var chosen = new LinkedHashSet<HostName>();
    for (var word : order.choice().limit()) {
      var hosts = read.inventory().select(word);
      if (hosts.isEmpty()) {
        problems.add(Problem.error("--limit", "there is no group or host '%s'".formatted(word)));
      }
      hosts.ifPresent(list -> list.stream().map(Host::name).forEach(chosen::add));
    }
    return Optional.of(chosen);
  }

  private static Set<String> names(
      String option, List<String> words, Set<String> known, List<Problem> problems) {
    for (var word : words) {
      if (!known.contains(word)) {
        problems.add(
            Problem.error(
                option,
                "no step of this playbook is named '%s'; it has %s"
                    .formatted(word, String.join(", ", known))));
      }
    }
    return Set.copyOf(words);
  }

  private static Set<String> stepNames(Inputs.Read read) {
    var names = new TreeSet<String>();
    for (var play : read.playbook().plays()) {
      switch (play) {
        case Play.OnHosts onHosts -> onHosts.items().forEach(item -> names.add(item.ref().name()));
        case Play.OnCluster(_, var items) -> items.forEach(item -> names.add(item.ref().name()));
        case Play.OnDesk onDesk -> onDesk.items().forEach(item -> names.add(item.ref().name()));
      }
    }
    return names;
  }
}

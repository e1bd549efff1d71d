package io.provision.steps.k3s;

import io.provision.resource.Files;
import io.provision.resource.ManagedFile;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Target;
import io.provision.steps.k3s.adoption.OptionDifferences;
import io.provision.steps.kubernetes.Nodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A k3s of somebody else that runs on a host as what the inventory says: it gets the files that
 * every k3s has here, and restarts only where these say another thing than it runs with.
 */
record K3sTakeover(Target.OnHost target) {
  Probes probes() {
    var probes =
        new K3sConfig().probes(target).and(Probes.of(K3sLooks.FOREIGN, Files.at(K3s.BINARY)));
    for (var file : files()) {
      probes = probes.and(file.probes());
    }
    return probes;
  }

  /** Files that it reads beside {@code config.yaml}, as the inventory has them. */
  private List<ManagedFile> files() {
    var files = new ArrayList<>(ProgramSettings.of(target).files());
    K3sRegistries.file(target).ifPresent(files::add);
    return List.copyOf(files);
  }

  /** Whether one runs there as what this host should be, and it is known with what. */
  boolean isPossible(Observations seen) {
    var foreign = seen.of(K3sLooks.FOREIGN);
    return foreign.runs() && foreign.isTold() && foreign.isAgent() != Nodes.isServer(target.host());
  }

  /** Against what {@code config.yaml} will say; empty where that cannot be told. */
  Optional<OptionDifferences> differences(Observations seen, Known known) {
    return K3sConfig.facts(target, seen, known)
        .map(facts -> ConfigFile.values(target, facts))
        .map(wanted -> {
          var is = seen.of(K3sLooks.FOREIGN);
          var interfaces = seen.of(K3sLooks.INTERFACES);
          return OptionDifferences.of(
              wanted, is, Optional.ofNullable(interfaces.get(is.flannel())));
        });
  }

  /** Why it has to be started again; none where all it runs with is what the files say. */
  List<String> reasons(Observations seen, Known known) {
    var reasons = new ArrayList<String>();
    differences(seen, known).map(OptionDifferences::changed).ifPresent(reasons::addAll);
    var newer = seen.of(K3sLooks.FOREIGN).newer();
    newer.stream().sorted().map("started before %s was written"::formatted).forEach(reasons::add);
    for (var file : files()) {
      if (!newer.contains(file.path()) && file.check(seen) instanceof Check.Drift) {
        reasons.add("%s is not what it was started with".formatted(file.path()));
      }
    }
    var digest = K3sBinary.digest(seen.of(K3sLooks.BASICS), known);
    if (!newer.contains(K3s.BINARY)
        && !K3sBinary.isInPlace(seen.of(Files.at(K3s.BINARY)), digest)) {
      reasons.add("%s is not the one of the inventory".formatted(K3s.BINARY));
    }
    return List.copyOf(reasons);
  }

  /** The options that are lost, as an inventory would say them; no secret among them. */
  static String written(Map<String, List<String>> options) {
    var words = new ArrayList<String>();
    options.forEach((option, values) -> {
      var shown = OptionDifferences.isSecret(option) ? List.of("...") : values;
      words.add(
          values.size() == 1 && !OptionDifferences.isList(option)
              ? "%s: %s".formatted(option, shown.getFirst())
              : "%s: [%s]".formatted(option, String.join(", ", shown)));
    });
    return "k3s: { %s }".formatted(String.join(", ", words));
  }
}

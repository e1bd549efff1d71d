package io.provision.steps.first;

import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.step.FirstInventory;
import io.provision.step.Observed;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * A host for an inventory.
 *
 * @param host as it is logged in to
 * @param name that it gets: as it calls itself, unless another does, or as that is no name
 * @param serves whether it is to be a control plane
 */
record Candidate(Host host, HostName name, MachineFacts facts, boolean serves) {
  private static final Set<String> SERVERS =
      Set.of("k3s", "rke2-server", "k0scontroller", "kube-apiserver");

  private static final Set<String> AGENTS =
      Set.of("k3s-agent", "rke2-agent", "k0sworker", "kubelet");

  /**
   * In the order of the wish. Those that run a control plane already are ones, then those that were
   * named first; an agent stays one where its server is among them.
   *
   * @param seen what the first look saw of each host; of all of them
   */
  static List<Candidate> of(FirstInventory.Wish wish, Map<HostName, Observed> seen) {
    var facts = wish.hosts().stream().map(host -> facts(host, seen)).toList();
    var serving = facts.stream().filter(Candidate::isServer).count();
    var more = Math.max(0, wish.controlPlanes() - serving);
    var taken = new HashSet<String>();
    var candidates = new ArrayList<Candidate>();
    for (var i = 0; i < facts.size(); i++) {
      var serves = isServer(facts.get(i));
      if (!serves && more > 0 && (serving == 0 || !isAgent(facts.get(i)))) {
        serves = true;
        more--;
      }
      var name = name(facts.get(i), i + 1, taken);
      candidates.add(new Candidate(wish.hosts().get(i), name, facts.get(i), serves));
    }
    return List.copyOf(candidates);
  }

  private static MachineFacts facts(Host host, Map<HostName, Observed> seen) {
    var observed = seen.getOrDefault(host.name(), Observed.NOTHING);
    if (observed.values().get(FirstLook.MACHINE) instanceof MachineFacts facts) {
      return facts;
    }
    throw new IllegalArgumentException("nothing was seen of " + host.name());
  }

  private static boolean isServer(MachineFacts facts) {
    return facts.runs().stream().anyMatch(SERVERS::contains);
  }

  private static boolean isAgent(MachineFacts facts) {
    return facts.runs().stream().anyMatch(AGENTS::contains);
  }

  private static HostName name(MachineFacts facts, int number, Set<String> taken) {
    var label = facts.hostname().split("\\.", 2)[0].toLowerCase(Locale.ROOT);
    try {
      var name = new HostName(label);
      if (taken.add(label)) {
        return name;
      }
    } catch (IllegalArgumentException _) {
      // it calls itself by no name
    }
    return new HostName("node%d".formatted(number));
  }
}

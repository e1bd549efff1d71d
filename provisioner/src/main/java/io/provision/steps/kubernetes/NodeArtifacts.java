package io.provision.steps.kubernetes;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.model.Sha256;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Target;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * What this machine gives to nodes, pinned for every architecture that the hosts have.
 *
 * @param ofOne what there is for one architecture
 */
public record NodeArtifacts(Target.OnDesk target, Function<String, List<ArtifactId>> ofOne) {
  /** Those that distributions are published for. */
  public static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

  /** What hosts say of themselves. */
  public Set<Need> needs() {
    return Set.of(Need.some(Nodes.STATE, Nodes.all(target.inventory())));
  }

  public Probes probes() {
    return pinned().probes();
  }

  private PinnedArtifacts pinned() {
    return new PinnedArtifacts(
        PinnedArtifacts.lockFile(target.inventory()), new LinkedHashSet<>(ids(ARCHITECTURES)));
  }

  private List<ArtifactId> ids(Collection<String> architectures) {
    return architectures.stream().flatMap(arch -> ofOne.apply(arch).stream()).toList();
  }

  /**
   * Whether all are pinned that these hosts need, and what that tells the others.
   *
   * @param isWanted which of them are
   * @param told see {@link PinnedArtifacts#check}
   */
  public Check check(
      Observations seen,
      Known known,
      Predicate<ArtifactId> isWanted,
      Function<Map<ArtifactId, Sha256>, Observed> told) {
    var architectures = new TreeSet<String>();
    known.all(Nodes.STATE).values().forEach(state -> architectures.add(state.arch()));
    if (architectures.isEmpty()) {
      return new Check.Skipped("no node could be examined");
    }
    var wanted = ids(architectures).stream().filter(isWanted).toList();
    return pinned().check(wanted, seen, told);
  }
}

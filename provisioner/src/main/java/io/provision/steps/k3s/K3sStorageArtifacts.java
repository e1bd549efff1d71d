package io.provision.steps.k3s;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskQuestion;
import io.provision.model.Sha256;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.published.PinnedArtifacts;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The images of storage classes, pinned, where the operator offers them. */
public record K3sStorageArtifacts() implements Step<Target.OnDesk> {

  @Override
  public Probes probes(Target.OnDesk target) {
    return StorageImages.wanted(target)
        ? wanted(target).probes().and(Probes.of(offered(target)))
        : Probes.NONE;
  }

  private static Set<ArtifactId> all(Target.OnDesk target) {
    return StorageImages.ARCHITECTURES.stream()
        .map(arch -> StorageImages.artifact(target, arch))
        .flatMap(Optional::stream)
        .collect(Collectors.toSet());
  }

  private static DeskQuestion.Offered offered(Target.OnDesk target) {
    return new DeskQuestion.Offered(all(target));
  }

  private static PinnedArtifacts wanted(Target.OnDesk target) {
    return new PinnedArtifacts(PinnedArtifacts.lockFile(target.inventory()), all(target));
  }

  @Override
  public Set<Output<?>> provides(Target.OnDesk target) {
    return Set.of(StorageImages.DIGESTS);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.FETCH);
  }

  @Override
  public Check check(Target.OnDesk target, Observations seen, Known known) {
    if (!StorageImages.wanted(target)) {
      return new Check.Skipped("no volume names a storage class", none());
    }
    var ids =
        seen.of(offered(target)).stream()
            .sorted(Comparator.comparing(ArtifactId::toString))
            .toList();
    var wanted = wanted(target);
    var observed = observed(wanted.digests(ids, seen), ids);
    return wanted
        .refusal(ids, seen)
        .or(() -> wanted.pinning(ids, seen, observed))
        .orElseGet(() ->
            ids.isEmpty()
                ? new Check.Skipped(
                    "the nodes pull them: none are in the artifact directory", observed)
                : new Check.InSync(observed));
  }

  private static Observed observed(Map<ArtifactId, Sha256> digests, List<ArtifactId> wanted) {
    if (!digests.keySet().containsAll(wanted)) {
      return Observed.NOTHING;
    }
    var images = new TreeMap<String, Sha256>();
    digests.forEach((id, digest) -> images.put(id.arch(), digest));
    return Observed.of(StorageImages.DIGESTS, new Digests(Map.of(), images));
  }

  private static Observed none() {
    return Observed.of(StorageImages.DIGESTS, new Digests(Map.of(), Map.of()));
  }
}

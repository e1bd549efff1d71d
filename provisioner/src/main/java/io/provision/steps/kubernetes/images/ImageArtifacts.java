package io.provision.steps.kubernetes.images;

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
import io.provision.steps.kubernetes.PinnedArtifacts;
import java.util.Comparator;
import java.util.Map;
import java.util.Set;

/** {@code image-artifacts}: archives of images, pinned where the operator offers them. */
public record ImageArtifacts(ImageSources sources) implements Step<Target.OnDesk> {

  @Override
  public Probes probes(Target.OnDesk target) {
    return sources.artifacts(target).isEmpty()
        ? Probes.NONE
        : pinned(target).probes().and(Probes.of(offered(target)));
  }

  private DeskQuestion.Offered offered(Target.OnDesk target) {
    return new DeskQuestion.Offered(sources.artifacts(target));
  }

  private PinnedArtifacts pinned(Target.OnDesk target) {
    return new PinnedArtifacts(
        PinnedArtifacts.lockFile(target.inventory()), sources.artifacts(target));
  }

  @Override
  public Set<Output<?>> provides(Target.OnDesk target) {
    return Set.of(ImageSources.DIGESTS);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.FETCH);
  }

  @Override
  public Check check(Target.OnDesk target, Observations seen, Known known) {
    if (sources.artifacts(target).isEmpty()) {
      return new Check.Skipped("the inventory has nothing that needs more images", of(Map.of()));
    }
    var ids =
        seen.of(offered(target)).stream()
            .sorted(Comparator.comparing(ArtifactId::toString))
            .toList();
    return ids.isEmpty()
        ? new Check.Skipped("the nodes pull them: none are in the artifact directory", of(Map.of()))
        : pinned(target).check(ids, seen, ImageArtifacts::of);
  }

  private static Observed of(Map<ArtifactId, Sha256> digests) {
    return Observed.of(ImageSources.DIGESTS, new ImageSources.Digests(digests));
  }
}

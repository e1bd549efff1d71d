package io.provision.steps.kubernetes.images;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.model.Sha256;
import io.provision.step.Given;
import io.provision.step.Output;
import io.provision.step.Target;
import io.provision.steps.kubernetes.NodeArtifacts;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** All images that anything in the cluster may need besides those of the distribution. */
public record ImageSources(List<ImageSource> all) implements Given {
  /** The digests of the archives that the operator offers, pinned. */
  record Digests(Map<ArtifactId, Sha256> all) {
    Digests {
      all = Map.copyOf(all);
    }
  }

  static final Output<Digests> DIGESTS = new Output<>("image-archives", Digests.class);

  public ImageSources {
    all = List.copyOf(all);
  }

  /** The archives that there could be. */
  Set<ArtifactId> artifacts(Target target) {
    var ids = new LinkedHashSet<ArtifactId>();
    for (var source : all) {
      if (source.isWanted(target)) {
        NodeArtifacts.ARCHITECTURES.stream()
            .map(arch -> source.artifact(target, arch))
            .flatMap(Optional::stream)
            .forEach(ids::add);
      }
    }
    return ids;
  }
}

package io.provision.steps.k3s;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.desk.DeskQuestion;
import io.provision.model.Sha256;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.PinnedArtifacts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The binary of this version, and its images where the operator offers them, fetched and pinned for
 * every architecture that the hosts have.
 */
public record K3sArtifacts() implements Step<Target.OnDesk> {
  static final String PROGRAM = "k3s";
  static final String IMAGES = "images.tar.zst";
  private static final List<String> ARCHITECTURES = List.of("amd64", "arm64");

  @Override
  public Probes probes(Target.OnDesk target) {
    return wanted(target).probes().and(Probes.of(offered(target)));
  }

  private static PinnedArtifacts wanted(Target.OnDesk target) {
    var ids = new LinkedHashSet<ArtifactId>();
    for (var arch : ARCHITECTURES) {
      ids.add(K3s.artifact(target, arch, PROGRAM));
      ids.add(K3s.artifact(target, arch, IMAGES));
    }
    return new PinnedArtifacts(PinnedArtifacts.lockFile(target.inventory()), ids);
  }

  private static DeskQuestion.Offered offered(Target.OnDesk target) {
    var ids = new LinkedHashSet<ArtifactId>();
    ARCHITECTURES.forEach(arch -> ids.add(K3s.artifact(target, arch, IMAGES)));
    return new DeskQuestion.Offered(ids);
  }

  @Override
  public Set<Need> needs(Target.OnDesk target) {
    return Set.of(Need.some(Nodes.STATE, Nodes.all(target.inventory())));
  }

  @Override
  public Set<Output<?>> provides(Target.OnDesk target) {
    return Set.of(K3s.DIGESTS);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.FETCH);
  }

  @Override
  public Check check(Target.OnDesk target, Observations seen, Known known) {
    var architectures = new TreeSet<String>();
    known.all(Nodes.STATE).values().forEach(state -> architectures.add(state.arch()));
    if (architectures.isEmpty()) {
      return new Check.Skipped("no node could be examined");
    }
    var ids = new ArrayList<ArtifactId>();
    for (var arch : architectures) {
      ids.add(K3s.artifact(target, arch, PROGRAM));
      Optional.of(K3s.artifact(target, arch, IMAGES))
          .filter(seen.of(offered(target))::contains)
          .ifPresent(ids::add);
    }
    return wanted(target).check(ids, seen, K3sArtifacts::told);
  }

  private static Observed told(Map<ArtifactId, Sha256> digests) {
    var binaries = new TreeMap<String, Sha256>();
    var images = new TreeMap<String, Sha256>();
    digests.forEach(
        (id, digest) -> (id.file().equals(PROGRAM) ? binaries : images).put(id.arch(), digest));
    return Observed.of(K3s.DIGESTS, new Digests(binaries, images));
  }
}

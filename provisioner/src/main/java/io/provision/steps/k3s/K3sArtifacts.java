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
import io.provision.steps.k3s.digests.Digests;
import io.provision.steps.kubernetes.NodeArtifacts;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The binary of this version, and its images where the operator offers them, fetched and pinned for
 * every architecture that the hosts have.
 */
public record K3sArtifacts() implements Step<Target.OnDesk> {
  static final String PROGRAM = "k3s";
  static final String IMAGES = "images.tar.zst";

  @Override
  public Probes probes(Target.OnDesk target) {
    return artifacts(target).probes().and(Probes.of(offered(target)));
  }

  private static NodeArtifacts artifacts(Target.OnDesk target) {
    return new NodeArtifacts(
        target,
        arch -> List.of(K3s.artifact(target, arch, PROGRAM), K3s.artifact(target, arch, IMAGES)));
  }

  private static DeskQuestion.Offered offered(Target.OnDesk target) {
    var ids = new LinkedHashSet<ArtifactId>();
    NodeArtifacts.ARCHITECTURES.forEach(arch -> ids.add(K3s.artifact(target, arch, IMAGES)));
    return new DeskQuestion.Offered(ids);
  }

  @Override
  public Set<Need> needs(Target.OnDesk target) {
    return artifacts(target).needs();
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
    var offered = seen.of(offered(target));
    return artifacts(target)
        .check(
            seen,
            known,
            id -> !id.file().equals(IMAGES) || offered.contains(id),
            K3sArtifacts::told);
  }

  private static Observed told(Map<ArtifactId, Sha256> digests) {
    var binaries = new TreeMap<String, Sha256>();
    var images = new TreeMap<String, Sha256>();
    digests.forEach(
        (id, digest) -> (id.file().equals(PROGRAM) ? binaries : images).put(id.arch(), digest));
    return Observed.of(K3s.DIGESTS, new Digests(binaries, images));
  }
}

package io.provision.steps.kubeadm;

import io.provision.desk.DeskChange.ArtifactId;
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
import io.provision.steps.kubeadm.packages.KubernetesPackages;
import io.provision.steps.kubeadm.runtime.RuntimeRelease;
import io.provision.steps.kubernetes.NodeArtifacts;
import io.provision.steps.kubernetes.Nodes;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The programs of this version, and of the container runtime where the inventory declares one,
 * pinned for every architecture that the hosts have.
 */
public record KubeadmArtifacts() implements Step<Target.OnDesk> {
  static final List<String> PROGRAMS = List.of("kubeadm", "kubelet", "kubectl");

  @Override
  public Probes probes(Target.OnDesk target) {
    return hasNone(target) ? Probes.NONE : artifacts(target).probes();
  }

  private static boolean hasNone(Target.OnDesk target) {
    return files(target, NodeArtifacts.ARCHITECTURES.getFirst()).isEmpty();
  }

  /** Packages are fetched by hosts themselves. */
  private static List<ArtifactId> files(Target.OnDesk target, String arch) {
    var files = new ArrayList<ArtifactId>();
    if (KubernetesPackages.of(target, Nodes.version(target)).isEmpty()) {
      PROGRAMS.forEach(program -> files.add(Kubeadm.artifact(target, arch, program)));
    }
    files.addAll(RuntimeRelease.artifacts(target, arch));
    return List.copyOf(files);
  }

  private static NodeArtifacts artifacts(Target.OnDesk target) {
    return new NodeArtifacts(target, arch -> files(target, arch));
  }

  @Override
  public Set<Need> needs(Target.OnDesk target) {
    return hasNone(target) ? Set.of() : artifacts(target).needs();
  }

  @Override
  public Set<Output<?>> provides(Target.OnDesk target) {
    return Set.of(Kubeadm.PINNED);
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.FETCH);
  }

  @Override
  public Check check(Target.OnDesk target, Observations seen, Known known) {
    if (hasNone(target)) {
      return new Check.InSync(told(Map.of()));
    }
    return artifacts(target).check(seen, known, _ -> true, KubeadmArtifacts::told);
  }

  private static Observed told(Map<ArtifactId, Sha256> digests) {
    var pinned = new TreeMap<String, Sha256>();
    digests.forEach((id, digest) -> pinned.put(id.toString(), digest));
    return Observed.of(Kubeadm.PINNED, new PinnedFiles(pinned));
  }
}

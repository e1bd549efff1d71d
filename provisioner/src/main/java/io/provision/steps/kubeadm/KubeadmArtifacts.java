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
import io.provision.steps.kubernetes.Nodes;
import io.provision.steps.kubernetes.PinnedArtifacts;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The programs of this version, pinned for every architecture that the hosts have. */
public record KubeadmArtifacts() implements Step<Target.OnDesk> {
  static final List<String> PROGRAMS = List.of("kubeadm", "kubelet", "kubectl");

  @Override
  public Probes probes(Target.OnDesk target) {
    return wanted(target).probes();
  }

  private static PinnedArtifacts wanted(Target.OnDesk target) {
    var ids = new LinkedHashSet<ArtifactId>();
    for (var arch : Kubeadm.ARCHITECTURES) {
      PROGRAMS.forEach(program -> ids.add(Kubeadm.artifact(target, arch, program)));
    }
    return new PinnedArtifacts(PinnedArtifacts.lockFile(target.inventory()), ids);
  }

  @Override
  public Set<Need> needs(Target.OnDesk target) {
    return Set.of(Need.some(Nodes.STATE, Nodes.all(target.inventory())));
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
    var architectures = new TreeSet<String>();
    known.all(Nodes.STATE).values().forEach(state -> architectures.add(state.arch()));
    if (architectures.isEmpty()) {
      return new Check.Skipped("no node could be examined");
    }
    var ids = new ArrayList<ArtifactId>();
    for (var arch : architectures) {
      PROGRAMS.forEach(program -> ids.add(Kubeadm.artifact(target, arch, program)));
    }
    return wanted(target).check(ids, seen, KubeadmArtifacts::told);
  }

  private static Observed told(Map<ArtifactId, Sha256> digests) {
    var pinned = new TreeMap<String, Sha256>();
    digests.forEach((id, digest) -> pinned.put(id.toString(), digest));
    return Observed.of(Kubeadm.PINNED, new PinnedFiles(pinned));
  }
}

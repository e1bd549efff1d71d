package io.provision.steps.cni;

import io.provision.model.Cluster;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.PinnedManifest;
import java.util.Set;

/** {@code flannel-manifest}: flannel's manifest as it is published, pinned on this machine. */
public record FlannelManifest() implements Step<Target.OnDesk> {
  private static PinnedManifest manifest(Target.OnDesk target) {
    return PinnedManifest.of(Flannel.MANIFEST, target.inventory());
  }

  @Override
  public Probes probes(Target.OnDesk target) {
    return Flannel.isWanted(target) ? manifest(target).probes() : Probes.NONE;
  }

  @Override
  public Set<Output<?>> provides(Target.OnDesk target) {
    return Flannel.isWanted(target) ? Set.of(Flannel.PUBLISHED) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.FETCH);
  }

  @Override
  public Check check(Target.OnDesk target, Observations seen, Known known) {
    return Flannel.isWanted(target)
        ? manifest(target).check(seen, Flannel.PUBLISHED)
        : new Check.Skipped("the network plugin is " + word(target.cluster().network().cni()));
  }

  private static String word(Cluster.Cni cni) {
    return cni.name().toLowerCase(java.util.Locale.ROOT);
  }
}

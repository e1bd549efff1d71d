package io.provision.steps.metallb;

import io.provision.desk.DeskChange.ArtifactId;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Output;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import io.provision.steps.kubernetes.PinnedManifest;
import io.provision.steps.kubernetes.PublishedObjects;
import java.util.Set;

/** The manifest of MetalLB as it is published, pinned; its objects are told to whoever applies. */
public record MetallbManifest() implements Step<Target.OnDesk> {
  /** The one without FRR: nothing here speaks BGP. */
  private static final String FILE = "metallb-native.yaml";

  static final Output<PublishedObjects> OBJECTS =
      new Output<>("metallb-objects", PublishedObjects.class);

  private static PinnedManifest manifest(Target target) {
    return PinnedManifest.of(
        new ArtifactId("metallb", version(target), ArtifactId.ANY, FILE), target.inventory());
  }

  /** Asked where it is wanted only. */
  static String version(Target target) {
    var wanted = target.cluster().sections().find(MetallbSettings.class).orElseThrow();
    return wanted.version().toString();
  }

  static boolean isWanted(Target target) {
    return target.cluster().sections().find(MetallbSettings.class).isPresent();
  }

  @Override
  public Probes probes(Target.OnDesk target) {
    return isWanted(target) ? manifest(target).probes() : Probes.NONE;
  }

  @Override
  public Set<Output<?>> provides(Target.OnDesk target) {
    return isWanted(target) ? Set.of(OBJECTS) : Set.of();
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.FETCH);
  }

  @Override
  public Check check(Target.OnDesk target, Observations seen, Known known) {
    return isWanted(target)
        ? manifest(target).check(seen, OBJECTS)
        : new Check.Skipped(Metallb.NOT_WANTED);
  }
}

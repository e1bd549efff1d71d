package io.provision.steps.kubernetes.unattended;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.resource.ClusterObjects;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Checks;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.List;
import java.util.Set;

/**
 * {@code rotation-cronjob}: what has a cluster rotate its own nodes is there as it should be. A
 * namespace that somebody else has made stays his.
 *
 * @param manifests in the order in which they are made
 * @param gone what an earlier one had of ours, and this one has not
 */
public record RotationObjects(List<Manifest> manifests, List<ObjectRef> gone)
    implements Step<Target.OnCluster> {
  public static final String NAME = "rotation-cronjob";

  public RotationObjects {
    manifests = List.copyOf(manifests);
    gone = List.copyOf(gone);
  }

  @Override
  public Probes probes(Target.OnCluster target) {
    return new ClusterObjects(manifests, false)
        .probes()
        .and(
            Probes.ofCluster(
                gone.stream().<ClusterQuestion<?>>map(ClusterQuestion.One::new).toList()));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.CREATE, Change.Action.UPDATE, Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    var foreign =
        manifests.stream()
            .filter(it -> !isNamespace(it))
            .flatMap(it -> live(it, seen).stream())
            .filter(it -> !OurObjects.has(it))
            .findFirst();
    if (foreign.isPresent()) {
      return new Check.Refused(
          "%s is there, and not ours".formatted(foreign.get().ref()),
          "give it another name, or name another namespace by --namespace");
    }
    var ours =
        manifests.stream()
            .filter(it -> !isNamespace(it) || live(it, seen).stream().allMatch(OurObjects::has))
            .toList();
    var there = new ClusterObjects(ours, false).check(seen);
    var left = RotationObjectsGone.of(gone, seen);
    return left.isEmpty() ? there : Checks.together(there, left.get());
  }

  private static boolean isNamespace(Manifest manifest) {
    return manifest.ref().kind().equals("Namespace");
  }

  private static List<LiveObject> live(Manifest manifest, Observations seen) {
    return seen.of(new ClusterQuestion.Declared(manifest)).live().stream().toList();
  }
}

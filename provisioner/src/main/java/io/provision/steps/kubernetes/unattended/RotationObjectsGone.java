package io.provision.steps.kubernetes.unattended;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.LiveObject;
import io.provision.kube.ObjectRef;
import io.provision.resource.ObjectsRemoved;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Probes;
import io.provision.step.Step;
import io.provision.step.Target;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * {@code rotation-cronjob-gone}: what has a cluster rotate its own nodes is there no more. Only
 * what bears our labels goes; the namespace only where it is ours and nobody else has anything in
 * it.
 *
 * @param objects in the order in which they go
 * @param namespace theirs, which goes last
 */
public record RotationObjectsGone(List<ObjectRef> objects, ObjectRef namespace)
    implements Step<Target.OnCluster> {
  public static final String NAME = "rotation-cronjob-gone";

  /** What somebody may keep in a namespace; every namespace is given the one that is left out. */
  private static final List<ClusterQuestion.All> KEPT =
      Stream.of(
              new String[] {"v1", "Pod"},
              new String[] {"v1", "Secret"},
              new String[] {"v1", "ConfigMap"},
              new String[] {"v1", "Service"},
              new String[] {"v1", "PersistentVolumeClaim"},
              new String[] {"apps/v1", "Deployment"},
              new String[] {"apps/v1", "StatefulSet"},
              new String[] {"apps/v1", "DaemonSet"},
              new String[] {"batch/v1", "CronJob"})
          .map(it -> new ClusterQuestion.All(it[0], it[1], ""))
          .toList();

  private static final String GIVEN = "kube-root-ca.crt";

  public RotationObjectsGone {
    objects = List.copyOf(objects);
  }

  @Override
  public Probes probes(Target.OnCluster target) {
    return Probes.ofCluster(
            Stream.concat(objects.stream(), Stream.of(namespace))
                .<ClusterQuestion<?>>map(ClusterQuestion.One::new)
                .toList())
        .and(Probes.ofCluster(List.copyOf(KEPT)));
  }

  @Override
  public Set<Change.Action> mayDo() {
    return Set.of(Change.Action.REMOVE);
  }

  @Override
  public Check check(Target.OnCluster target, Observations seen, Known known) {
    var there = new ArrayList<>(ours(objects, seen));
    var others = others(seen);
    if (others.isEmpty()) {
      there.addAll(ours(List.of(namespace), seen));
    }
    var note =
        others.isEmpty() || ours(List.of(namespace), seen).isEmpty()
            ? Optional.<String>empty()
            : Optional.of(
                "the namespace %s stays: it has more than ours in it (%s)"
                    .formatted(namespace.name(), others.get()));
    return removed(there)
        .orElseGet(() ->
            note.<Check>map(it -> new Check.InSync(Observed.noting(it)))
                .orElseGet(Check.InSync::new));
  }

  /** What is to be done where these are gone; empty where they are. */
  static Optional<Check> of(List<ObjectRef> gone, Observations seen) {
    return removed(ours(gone, seen));
  }

  private static Optional<Check> removed(List<LiveObject> there) {
    return there.isEmpty()
        ? Optional.empty()
        : Optional.of(
            ObjectsRemoved.of(
                there,
                there.stream()
                    .map(it -> Change.of(Change.Action.REMOVE, it.ref().toString()))
                    .toList()));
  }

  private static List<LiveObject> ours(List<ObjectRef> refs, Observations seen) {
    return refs.stream()
        .flatMap(it -> seen.of(new ClusterQuestion.One(it)).stream())
        .filter(OurObjects::has)
        .toList();
  }

  /** What others have in the namespace; empty where nothing is. */
  private Optional<String> others(Observations seen) {
    var others =
        KEPT.stream()
            .flatMap(it -> seen.of(it).stream())
            .filter(it -> it.ref().namespace().equals(Optional.of(namespace.name())))
            .filter(it -> !it.ref().name().equals(GIVEN))
            .filter(it -> !OurObjects.has(it))
            .map(it -> it.ref().toString())
            .limit(3)
            .collect(Collectors.joining(", "));
    return others.isEmpty() ? Optional.empty() : Optional.of(others);
  }
}

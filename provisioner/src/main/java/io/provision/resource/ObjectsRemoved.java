package io.provision.resource;

import io.provision.kube.ClusterChange;
import io.provision.kube.LiveObject;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** Objects of the cluster that are to be there no more. */
public final class ObjectsRemoved {
  /** Until a namespace has given up all that is in it. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  private ObjectsRemoved() {}

  /**
   * Takes these away, in this order; where all of them are on their way, the first is waited for.
   *
   * @param there never empty
   * @param changes what that is, for people
   */
  public static Check of(List<LiveObject> there, List<Change> changes) {
    var kept = there.stream().filter(it -> !it.isGoing()).map(LiveObject::ref).toList();
    if (kept.isEmpty()) {
      var first = there.getFirst();
      var ref = first.ref();
      return new Check.NotYet(
          "%s to be gone".formatted(ref),
          PATIENCE,
          first.held(),
          "see whether what those finalizers wait for still runs; its status: 'kubectl get %s %s -o yaml'"
              .formatted(ref.kind().toLowerCase(Locale.ROOT), ref.name()));
    }
    return new Check.Drift(
        changes,
        new Repair.OnCluster(kept.stream().<ClusterChange>map(ClusterChange.Delete::new).toList()));
  }
}

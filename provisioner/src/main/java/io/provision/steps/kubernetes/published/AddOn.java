package io.provision.steps.kubernetes.published;

import io.provision.kube.ClusterChange;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.step.Departure;
import io.provision.step.Observations;
import io.provision.step.Orphan;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Something that runs in the cluster for as long as the inventory has its key. All of its objects
 * carry two labels of ours, by which they are found when the key has gone: what somebody else
 * installed has them not, and is nobody's to remove.
 *
 * @param name by which it is removed, {@code --remove metallb}
 * @param kinds what is asked for, in the order in which it is deleted; objects of a namespace that
 *     is deleted go with it
 */
public record AddOn(String name, List<Kind> kinds) {
  private static final String BY = "app.kubernetes.io/managed-by";
  private static final String PART = "app.kubernetes.io/part-of";

  /** Until a namespace has given up all that is in it. */
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /** A kind of objects, {@code apps/v1} and {@code DaemonSet}. */
  public record Kind(String apiVersion, String kind) {}

  public AddOn {
    kinds = List.copyOf(kinds);
  }

  public Map<String, String> labels() {
    var labels = new LinkedHashMap<String, String>();
    labels.put(BY, Manifest.MANAGER);
    labels.put(PART, name);
    return labels;
  }

  public Probes probes() {
    return Probes.ofCluster(kinds.stream().<ClusterQuestion<?>>map(this::question).toList());
  }

  private ClusterQuestion.All question(Kind kind) {
    return new ClusterQuestion.All(
        kind.apiVersion(), kind.kind(), "%s=%s,%s=%s".formatted(BY, Manifest.MANAGER, PART, name));
  }

  /** Its objects in the cluster, in the order in which they are deleted. */
  private List<LiveObject> there(Observations seen) {
    return kinds.stream().flatMap(kind -> seen.of(question(kind)).stream()).toList();
  }

  /** What another version of it has left behind, for people; empty where nothing is. */
  public Optional<String> strays(Observations seen, Collection<ObjectRef> declared) {
    var strays =
        there(seen).stream()
            .map(LiveObject::ref)
            .filter(ref -> !declared.contains(ref))
            .map(ObjectRef::toString)
            .toList();
    return strays.isEmpty()
        ? Optional.empty()
        : Optional.of(
            "left behind by another version of %s: %s. Delete it if nothing else needs it"
                .formatted(name, String.join(", ", strays)));
  }

  /**
   * What becomes of it now that the inventory has not got it.
   *
   * @param lost what others lose with it
   * @param obstacle why it must not be removed
   * @param aftermath see {@link Departure}
   * @param rest what holds where nothing of it is there
   */
  public Check leaving(
      Observations seen,
      List<Change> lost,
      Optional<Check.Refused> obstacle,
      String aftermath,
      Check rest) {
    var there = there(seen);
    if (there.isEmpty()) {
      return rest;
    }
    var changes =
        there.stream()
            .map(it -> Change.of(Change.Action.REMOVE, it.ref().toString()))
            .collect(Collectors.toList());
    changes.addAll(lost);
    var removal = obstacle.<Check>map(it -> it).orElseGet(() -> removal(there, changes));
    var departure =
        new Departure(Set.of(new Orphan("addon", name)), changes, removal, "", aftermath);
    return new Check.Leaving(List.of(departure), rest);
  }

  private static Check removal(List<LiveObject> there, List<Change> changes) {
    var kept = there.stream().filter(it -> !isGoing(it)).map(LiveObject::ref).toList();
    if (kept.isEmpty()) {
      var ref = there.getFirst().ref();
      return new Check.NotYet(
          "%s to be gone".formatted(ref),
          PATIENCE,
          "it is being deleted",
          "see what its status says: 'kubectl get %s %s -o yaml'"
              .formatted(ref.kind().toLowerCase(java.util.Locale.ROOT), ref.name()));
    }
    return new Check.Drift(
        changes,
        new Repair.OnCluster(kept.stream().<ClusterChange>map(ClusterChange.Delete::new).toList()));
  }

  /** The API has accepted its end, and waits for what is in it. */
  private static boolean isGoing(LiveObject live) {
    return live.content().get("metadata") instanceof Map<?, ?> metadata
        && metadata.get("deletionTimestamp") != null;
  }
}

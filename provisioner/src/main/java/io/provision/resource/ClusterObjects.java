package io.provision.resource;

import io.provision.kube.ClusterChange;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.Comparison;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.render.YamlContent;
import io.provision.step.Change;
import io.provision.step.Change.Action;
import io.provision.step.Change.Detail;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Probes;
import io.provision.step.Repair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Objects of the cluster with the fields that are declared. What others set besides is left alone;
 * a field that another manager set to something else is left to it and said so, unless it is to be
 * taken over.
 */
public record ClusterObjects(List<Manifest> manifests, boolean takeOver) {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  public ClusterObjects {
    manifests = List.copyOf(manifests);
  }

  public Probes probes() {
    return Probes.ofCluster(
        manifests.stream().<ClusterQuestion<?>>map(ClusterObjects::at).toList());
  }

  public Check check(Observations seen) {
    var changes = new ArrayList<Change>();
    var repairs = new ArrayList<ClusterChange>();
    var conflicts = new ArrayList<String>();
    for (var manifest : manifests) {
      var live = seen.of(at(manifest));
      if (live.isEmpty()) {
        changes.add(new Change(Action.CREATE, manifest.ref().toString(), detail(manifest, "")));
        repairs.add(new ClusterChange.Apply(manifest, false));
        continue;
      }
      var comparison = Comparison.of(manifest, live.get());
      if (!takeOver) {
        comparison.conflicts().forEach(each -> conflicts.add(conflict(manifest, each)));
      }
      change(manifest, live.get(), comparison).ifPresent(changes::add);
      if (!comparison.isInSync() || !isKept(manifest, live.get())) {
        // what is also ours may be set again without asking
        var force = takeOver || comparison.differences().stream().anyMatch(it -> it.ours());
        repairs.add(new ClusterChange.Apply(manifest, force));
      }
    }
    if (!conflicts.isEmpty()) {
      return new Check.Refused(
          String.join("; ", conflicts),
          "leave the field to its owner by taking it out of what is declared, or say"
              + " 'take_over: true' in the playbook's step");
    }
    return changes.isEmpty()
        ? waiting(seen)
        : new Check.Drift(changes, new Repair.OnCluster(repairs));
  }

  /** All is as declared; workloads may still be on their way. */
  private Check waiting(Observations seen) {
    for (var manifest : manifests) {
      var ready = seen.of(at(manifest)).flatMap(LiveObject::ready);
      if (ready.isPresent() && !ready.get().done()) {
        return new Check.Coming(
            "%s to be available".formatted(manifest.ref()),
            PATIENCE,
            ready.get().why(),
            "see 'kubectl describe pods' in its namespace: an image that cannot be pulled is named"
                + " there");
      }
    }
    return new Check.InSync();
  }

  private static Optional<Change> change(
      Manifest manifest, LiveObject live, Comparison comparison) {
    var subject = manifest.ref().toString();
    if (!comparison.isInSync()) {
      var from = YamlContent.text(comparison.seen());
      return Optional.of(new Change(Action.UPDATE, subject, detail(manifest, from)));
    }
    return isKept(manifest, live)
        ? Optional.empty()
        : Optional.of(Change.of(Action.UPDATE, subject, "set by others", "kept as declared"));
  }

  /** Whether the API remembers which fields are ours. */
  private static boolean isKept(Manifest manifest, LiveObject live) {
    return Comparison.isOurs(live) || !manifest.declaresFields();
  }

  private static Detail detail(Manifest manifest, String from) {
    return manifest.isSecret()
        ? new Detail.Hidden("a Secret")
        : new Detail.Text(from, YamlContent.text(manifest.content()));
  }

  private static String conflict(Manifest manifest, Comparison.Difference difference) {
    return "%s: %s belongs to %s"
        .formatted(manifest.ref(), difference.path(), String.join(", ", difference.others()));
  }

  private static ClusterQuestion.One at(Manifest manifest) {
    return new ClusterQuestion.One(manifest.ref());
  }
}

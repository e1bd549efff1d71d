package io.provision.resource;

import io.provision.kube.ClusterChange;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.DeclaredObject;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.Preview;
import io.provision.kube.comparison.Comparison;
import io.provision.kube.comparison.Difference;
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
import java.util.Set;

/**
 * Objects of the cluster with the fields that are declared. What others set besides is left alone;
 * a field that another manager set to something else is left to it and said so, unless it is to be
 * taken over.
 *
 * @param takeOver whether fields of others become ours
 * @param adopts whether an object that somebody applied by hand becomes ours, the first time
 */
public record ClusterObjects(List<Manifest> manifests, boolean takeOver, boolean adopts) {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  /**
   * What kubectl calls itself where a person types it, but for {@code edit}
   * (kubernetes.io/docs/reference/using-api/server-side-apply).
   */
  private static final Set<String> BY_HAND =
      Set.of("kubectl-client-side-apply", "kubectl-create", "kubectl");

  public ClusterObjects {
    manifests = List.copyOf(manifests);
  }

  public ClusterObjects(List<Manifest> manifests, boolean takeOver) {
    this(manifests, takeOver, false);
  }

  public Probes probes() {
    return Probes.ofCluster(
        manifests.stream().<ClusterQuestion<?>>map(ClusterQuestion.Declared::new).toList());
  }

  public Check check(Observations seen) {
    var changes = new ArrayList<Change>();
    var repairs = new ArrayList<ClusterChange>();
    var conflicts = new ArrayList<String>();
    for (var manifest : manifests) {
      var object = seen.of(new ClusterQuestion.Declared(manifest));
      var live = object.live();
      if (live.isEmpty()) {
        var text = YamlContent.text(manifest.content());
        changes.add(
            new Change(Action.CREATE, manifest.ref().toString(), detail(manifest, "", text)));
        repairs.add(new ClusterChange.Apply(manifest, false));
        continue;
      }
      if (live.get().isGoing()) {
        return going(live.get());
      }
      var comparison = Comparison.of(manifest, live.get(), object.preview());
      var takes = takeOver || isAdopted(live.get(), comparison);
      if (!takes) {
        comparison.conflicts().forEach(each -> conflicts.add(conflict(manifest, each)));
      }
      change(manifest, object, comparison).ifPresent(changes::add);
      if (!comparison.isInSync() || !isKept(manifest, live.get())) {
        // what is also ours may be set again without asking
        var force = takes || comparison.differences().stream().anyMatch(it -> it.ours());
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
        ? waiting(seen).or(() -> unsaid(seen)).orElse(new Check.InSync())
        : new Check.Drift(changes, new Repair.OnCluster(repairs));
  }

  /** Whether it is taken over from whoever typed it, who has set it alone. */
  private boolean isAdopted(LiveObject live, Comparison comparison) {
    return adopts
        && !Comparison.isOurs(live)
        && comparison.conflicts().stream().allMatch(it -> BY_HAND.containsAll(it.others()));
  }

  /** What is applied to it, or into a namespace that goes, goes with it. */
  private static Check going(LiveObject live) {
    return new Check.Refused(
        "%s is declared, and somebody has deleted it: %s".formatted(live.ref(), live.held()),
        "wait until it is gone and run again; where it does not go, whoever set what holds it is"
            + " needed, or is gone as well");
  }

  /** All is as declared; workloads may still be on their way. */
  private Optional<Check> waiting(Observations seen) {
    for (var manifest : manifests) {
      var ready = seen.of(new ClusterQuestion.Declared(manifest)).live().flatMap(LiveObject::ready);
      if (ready.isPresent() && !ready.get().done()) {
        var coming =
            new Check.NotYet(
                "%s to be available".formatted(manifest.ref()),
                PATIENCE,
                ready.get().why(),
                "see 'kubectl describe pods' in its namespace: an image that cannot be pulled is named"
                    + " there");
        return Optional.of(coming);
      }
    }
    return Optional.empty();
  }

  /** All that is declared is there; the API would not tell its own defaults from others' keys. */
  private Optional<Check> unsaid(Observations seen) {
    var unsaid = new ArrayList<String>();
    for (var manifest : manifests) {
      if (seen.of(new ClusterQuestion.Declared(manifest)).preview()
          instanceof Preview.CannotSay(var why)) {
        unsaid.add("%s (%s)".formatted(manifest.ref(), why));
      }
    }
    return unsaid.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new Check.Skipped(
                "all that is declared is there; whether somebody added to it the API cannot say"
                    + " without applying it: "
                    + String.join("; ", unsaid)));
  }

  private static Optional<Change> change(
      Manifest manifest, DeclaredObject object, Comparison comparison) {
    var subject = manifest.ref().toString();
    if (!comparison.isInSync()) {
      var from = YamlContent.text(comparison.seen());
      var to = unsaid(object.preview()) + YamlContent.text(comparison.becomes());
      return Optional.of(new Change(Action.UPDATE, subject, detail(manifest, from, to)));
    }
    return isKept(manifest, object.live().orElseThrow())
        ? Optional.empty()
        : Optional.of(Change.of(Action.UPDATE, subject, "set by others", "kept as declared"));
  }

  /** A line before what is shown, where it is our own comparison that says so. */
  private static String unsaid(Preview preview) {
    return preview instanceof Preview.CannotSay(var why)
        ? "# as far as can be told: the API cannot say what an apply would change (%s)\n"
            .formatted(why.replace('\n', ' '))
        : "";
  }

  /** Whether the API remembers which fields are ours. */
  private static boolean isKept(Manifest manifest, LiveObject live) {
    return Comparison.isOurs(live) || !manifest.declaresFields();
  }

  private static Detail detail(Manifest manifest, String from, String to) {
    return manifest.isSecret() ? new Detail.Hidden("a Secret") : new Detail.Text(from, to);
  }

  private static String conflict(Manifest manifest, Difference difference) {
    return "%s: %s belongs to %s"
        .formatted(manifest.ref(), difference.path(), String.join(", ", difference.others()));
  }
}

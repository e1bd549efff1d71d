package io.provision.steps.storage;

import io.provision.kube.ClusterQuestion;
import io.provision.kube.DeclaredObject;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.comparison.Comparison;
import io.provision.model.Kubernetes;
import io.provision.resource.ClusterObjects;
import io.provision.step.Check;
import io.provision.step.Observations;
import io.provision.step.Target;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The StorageClass that k3s brings, which is the default one unless told otherwise. k3s makes it
 * some seconds after its API answers, from its own manifests, which it goes through by their names
 * and of which it keeps an Addon each (k3s, pkg/deploy/controller.go): what is said to the class
 * before it is there would be taken back.
 */
final class ClassOfK3s {
  static final String NAME = "local-path";

  private static final String STORAGE = "storage.k8s.io/v1";
  private static final String DEFAULT = "storageclass.kubernetes.io/is-default-class";
  private static final Duration PATIENCE = Duration.ofMinutes(3);

  /** The manifest that has the class, and one that is never disabled and comes after it. */
  private static final String OURS = "local-storage";

  private static final String LATER = "rolebindings";

  private static final ClusterQuestion.All ADDONS =
      new ClusterQuestion.All("k3s.cattle.io/v1", "Addon", "");

  private ClassOfK3s() {}

  /** What has to be asked before anything is said to it. */
  static List<ClusterQuestion<?>> questions(Target.OnCluster target) {
    return target.cluster().distribution().has(Kubernetes.Trait.HAS_ADDONS)
        ? List.of(ADDONS)
        : List.of();
  }

  /** That k3s has still to make it; empty where it is there, or where k3s does not make it. */
  static Optional<Check> coming(
      Target.OnCluster target, Observations seen, List<LiveObject> classes) {
    if (questions(target).isEmpty() || in(classes).isPresent()) {
      return Optional.empty();
    }
    var addons = seen.of(ADDONS);
    var own = named(addons, OURS);
    return own.isEmpty() ? past(addons) : own.filter(it -> !isApplied(it)).map(_ -> waiting());
  }

  private static Optional<Check> past(List<LiveObject> addons) {
    return named(addons, LATER).isPresent() ? Optional.empty() : Optional.of(waiting());
  }

  private static Check waiting() {
    return new Check.NotYet(
        "k3s to make its StorageClass " + NAME,
        PATIENCE,
        "its add-on %s is not applied".formatted(OURS),
        "see 'kubectl -n kube-system describe addon %s', or disable local-storage by 'k3s:'"
            .formatted(OURS));
  }

  private static Optional<LiveObject> named(List<LiveObject> objects, String name) {
    return objects.stream().filter(it -> it.ref().name().equals(name)).findFirst();
  }

  /** k3s writes the checksum of the manifest once its objects are there. */
  private static boolean isApplied(LiveObject addon) {
    return addon.text("spec", "checksum").filter(sum -> !sum.isEmpty()).isPresent();
  }

  static boolean isDefault(LiveObject storageClass) {
    return storageClass.annotation(DEFAULT).equals(Optional.of("true"));
  }

  private static Optional<LiveObject> in(List<LiveObject> classes) {
    return named(classes, NAME);
  }

  /**
   * What is to be said to the class, whose annotation k3s writes too.
   *
   * @param replaced whether another class is the default
   */
  static Optional<Check> check(List<LiveObject> classes, boolean replaced) {
    var live = in(classes);
    if (live.isEmpty()) {
      return Optional.empty();
    }
    if (replaced) {
      return Optional.of(annotated(live.get(), "false"));
    }
    return Comparison.isOurs(live.get())
        ? Optional.of(annotated(live.get(), "true"))
        : Optional.empty();
  }

  private static Check annotated(LiveObject live, String value) {
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("name", live.ref().name());
    metadata.put("annotations", Map.of(DEFAULT, value));
    var content = new LinkedHashMap<String, Object>();
    content.put("apiVersion", STORAGE);
    content.put("kind", "StorageClass");
    content.put("metadata", metadata);
    var manifest = Manifest.of(content);
    var seen = new Observations.Builder();
    seen.put(new ClusterQuestion.Declared(manifest), new DeclaredObject(Optional.of(live)));
    return new ClusterObjects(List.of(manifest), true).check(seen.build());
  }
}

package io.provision.steps.kubernetes.placement;

import io.provision.steps.kubernetes.Fields;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What of a pod decides whether a drain lets it go. */
final class PodList {
  private static final Set<String> ENDED = Set.of("Succeeded", "Failed");

  private PodList() {}

  /** Where it was placed; empty where it is not, or holds nothing any more. */
  static Optional<String> node(Map<String, Object> pod) {
    return Optional.ofNullable(Fields.map(pod.get("spec")).get("nodeName"))
        .map(Objects::toString)
        .filter(_ -> !ENDED.contains(Objects.toString(Fields.map(pod.get("status")).get("phase"))));
  }

  /** Whether a drain evicts it. */
  static boolean moves(Map<String, Object> pod) {
    var metadata = Fields.map(pod.get("metadata"));
    return metadata.get("deletionTimestamp") == null
        && !Fields.map(metadata.get("annotations")).containsKey("kubernetes.io/config.mirror")
        && !controller(metadata).equals(Optional.of("DaemonSet"));
  }

  /** Whether anything would bring it back. */
  static boolean comesBack(Map<String, Object> pod) {
    return controller(Fields.map(pod.get("metadata"))).isPresent();
  }

  private static Optional<String> controller(Map<String, Object> metadata) {
    return Fields.maps(metadata.get("ownerReferences")).stream()
        .filter(it -> Boolean.TRUE.equals(it.get("controller")))
        .map(it -> String.valueOf(it.get("kind")))
        .findFirst();
  }

  static boolean isReady(Map<String, Object> pod) {
    return Fields.maps(Fields.map(pod.get("status")).get("conditions")).stream()
        .anyMatch(it -> "Ready".equals(it.get("type")) && "True".equals(it.get("status")));
  }
}

package io.provision.steps.kubernetes.placement;

import io.provision.steps.kubernetes.Fields;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** On which nodes the volumes of pods are to be had: the node affinity of PersistentVolumes. */
final class VolumePlaces {
  private final Map<String, String> volumes = new HashMap<>();
  private final Map<String, NodeTerms> places = new HashMap<>();

  VolumePlaces(List<Map<String, Object>> claims, List<Map<String, Object>> persistentVolumes) {
    for (var claim : claims) {
      var volume = Fields.map(claim.get("spec")).get("volumeName");
      if (volume != null) {
        volumes.put(title(claim), volume.toString());
      }
    }
    for (var volume : persistentVolumes) {
      NodeTerms.read(Fields.map(Fields.map(volume.get("spec")).get("nodeAffinity")).get("required"))
          .ifPresent(
              it -> places.put(String.valueOf(Fields.map(volume.get("metadata")).get("name")), it));
    }
  }

  private static String title(Map<String, Object> claim) {
    var metadata = Fields.map(claim.get("metadata"));
    return "%s/%s".formatted(metadata.get("namespace"), metadata.get("name"));
  }

  /** Those of a pod. A volume of its own goes with it, and another one comes where it comes. */
  List<PodShape.Place> of(Map<String, Object> pod) {
    var namespace = Objects.toString(Fields.map(pod.get("metadata")).get("namespace"), "");
    var found = new ArrayList<PodShape.Place>();
    for (var each : Fields.maps(Fields.map(pod.get("spec")).get("volumes"))) {
      var claim = Fields.map(each.get("persistentVolumeClaim")).get("claimName");
      Optional.ofNullable(volumes.get("%s/%s".formatted(namespace, claim)))
          .ifPresent(volume ->
              Optional.ofNullable(places.get(volume))
                  .ifPresent(
                      it -> found.add(new PodShape.Place("its volume %s".formatted(volume), it))));
    }
    return found;
  }
}

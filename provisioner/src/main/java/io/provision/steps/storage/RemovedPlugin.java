package io.provision.steps.storage;

import io.provision.kube.Manifest;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The volume plugin for GlusterFS inside Kubernetes is gone since 1.26; the API still takes objects
 * that name it, and pods with them never start ("no volume plugin matched"). See
 * https://github.com/kubernetes/kubernetes/pull/112015
 */
final class RemovedPlugin {
  private static final String PROVISIONER = "kubernetes.io/glusterfs";

  private RemovedPlugin() {}

  /** Why an object cannot be taken: it, or a pod in it, uses the plugin. */
  static Optional<String> complaint(Manifest manifest) {
    var ref = manifest.ref();
    if (PROVISIONER.equals(manifest.content().get("provisioner"))) {
      return Optional.of(
          "%s uses the provisioner %s, which Kubernetes has no more since 1.26. declare"
                  .formatted(ref, PROVISIONER)
              + " 'storage_class' for a volume of the inventory instead");
    }
    return names(manifest.content())
        ? Optional.of(
            "%s uses the volume plugin 'glusterfs', which Kubernetes has no more since 1.26."
                    .formatted(ref)
                + " declare 'persistent_volumes' for a volume of the inventory, or use a hostPath"
                + " in its mount")
        : Optional.empty();
  }

  /** In a PersistentVolume's spec, or in a volume of a pod, however deep the pod is. */
  private static boolean names(Object value) {
    return switch (value) {
      case Map<?, ?> map ->
          map.get("glusterfs") instanceof Map<?, ?> plugin && plugin.containsKey("endpoints")
              || map.values().stream().anyMatch(each -> each != null && names(each));
      case List<?> list -> list.stream().anyMatch(each -> each != null && names(each));
      default -> false;
    };
  }
}

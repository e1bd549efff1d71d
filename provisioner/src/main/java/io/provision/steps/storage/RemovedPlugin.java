package io.provision.steps.storage;

import io.provision.kube.Manifest;
import java.util.List;
import java.util.Map;

/**
 * The volume plugin for GlusterFS inside Kubernetes is gone since 1.26; the API still takes objects
 * that name it, and pods with them never start ("no volume plugin matched"). See
 * https://github.com/kubernetes/kubernetes/pull/112015
 */
final class RemovedPlugin {
  private static final String PROVISIONER = "kubernetes.io/glusterfs";

  private RemovedPlugin() {}

  /**
   * @throws IllegalArgumentException where the object, or a pod in it, uses the plugin
   */
  static void refuse(Map<?, ?> document) {
    var ref = Manifest.of(document).ref();
    if (PROVISIONER.equals(document.get("provisioner"))) {
      throw new IllegalArgumentException(
          "%s uses the provisioner %s, which Kubernetes has no more since 1.26. declare"
                  .formatted(ref, PROVISIONER)
              + " 'storage_class' for a volume of the inventory instead");
    }
    if (names(document)) {
      throw new IllegalArgumentException(
          "%s uses the volume plugin 'glusterfs', which Kubernetes has no more since 1.26. declare"
                  .formatted(ref)
              + " 'persistent_volumes' for a volume of the inventory, or use a hostPath in its mount");
    }
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

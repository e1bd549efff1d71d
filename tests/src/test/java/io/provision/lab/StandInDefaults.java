package io.provision.lab;

import java.util.List;
import java.util.Map;

/**
 * What an API server fills into what it was sent, also into values that are one whole, of the kinds
 * that storage needs. See the SetDefaults functions beside each kind's types in
 * https://github.com/kubernetes/kubernetes/tree/v1.36.0/pkg/apis
 */
final class StandInDefaults {
  private static final Map<String, Map<String, Object>> BY_FIELD =
      Map.of(
          "fieldRef", Map.of("apiVersion", "v1"),
          "configMap", Map.of("defaultMode", 420),
          "strategy", Map.of("type", "RollingUpdate"));

  private static final Map<String, Object> OF_A_POD =
      Map.of(
          "restartPolicy", "Always",
          "dnsPolicy", "ClusterFirst",
          "schedulerName", "default-scheduler",
          "terminationGracePeriodSeconds", 30,
          "securityContext", Map.of());

  private static final Map<String, Object> OF_A_CONTAINER =
      Map.of(
          "resources", Map.of(),
          "terminationMessagePath", "/dev/termination-log",
          "terminationMessagePolicy", "File");

  private StandInDefaults() {}

  static void fill(Map<String, Object> object) {
    fill("", object);
    if ("StorageClass".equals(object.get("kind"))) {
      object.putIfAbsent("reclaimPolicy", "Delete");
      object.putIfAbsent("volumeBindingMode", "Immediate");
    }
  }

  @SuppressWarnings("unchecked") // what JSON calls an object has strings as keys
  private static void fill(String field, Object value) {
    switch (value) {
      case Map<?, ?> map -> {
        var fields = (Map<String, Object>) map;
        fields.forEach(StandInDefaults::fill);
        BY_FIELD.getOrDefault(field, Map.of()).forEach(fields::putIfAbsent);
        if (fields.containsKey("containers")) {
          OF_A_POD.forEach(fields::putIfAbsent);
        }
      }
      case List<?> list -> {
        for (var each : list) {
          fill("", each);
          if (field.equals("containers")) {
            OF_A_CONTAINER.forEach(((Map<String, Object>) each)::putIfAbsent);
          }
        }
      }
      default -> {}
    }
  }
}

package io.provision.steps;

import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import java.util.Map;

/** The objects of publishers, cut down to what is looked for in them, and others for tests. */
public final class Published {
  public static final String METALLB =
      """
      apiVersion: v1
      kind: Namespace
      metadata: { name: metallb-system }
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: controller, namespace: metallb-system }
      spec:
        template:
          spec:
            containers:
              - name: controller
                args: [--port=9120]
                readinessProbe: { failureThreshold: 3, httpGet: { path: /readyz, port: 17472 } }
      ---
      apiVersion: apps/v1
      kind: DaemonSet
      metadata: { name: speaker, namespace: metallb-system }
      spec:
        template:
          spec:
            containers:
              - { name: other, args: [--a] }
              - { name: speaker, args: [--port=9120] }
      """;

  public static final String CALICO_DEFINITIONS =
      """
      apiVersion: apiextensions.k8s.io/v1
      kind: CustomResourceDefinition
      metadata: { name: installations.operator.tigera.io }
      spec: { group: operator.tigera.io }
      """;

  public static final String CALICO_OPERATOR =
      """
      apiVersion: v1
      kind: Namespace
      metadata: { name: tigera-operator }
      ---
      apiVersion: apps/v1
      kind: Deployment
      metadata: { name: tigera-operator, namespace: tigera-operator }
      spec:
        template:
          spec:
            containers:
              - name: tigera-operator
                args: [-manage-crds=true]
      """;

  private Published() {}

  public static Manifest object(ObjectRef ref, String part, Object value) {
    var metadata =
        ref.namespace()
            .<Map<String, Object>>map(it -> Map.of("name", ref.name(), "namespace", it))
            .orElse(Map.of("name", ref.name()));
    return Manifest.of(
        Map.of(
            "apiVersion", ref.apiVersion(), "kind", ref.kind(), "metadata", metadata, part, value));
  }
}

package io.provision.steps.kubernetes.placement;

import io.provision.kube.LabelSelector;
import io.provision.steps.kubernetes.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * With which pods one does not want to share a node: a term of its required anti-affinity by
 * hostname. Of namespaces that are meant by their labels, none is known: those of a selector that
 * means all are all, of any other one they are the pod's own.
 *
 * @param namespaces empty for all
 */
record KeptApart(List<String> namespaces, LabelSelector selector) {
  private static final String HOSTNAME = "kubernetes.io/hostname";

  /** Reads those of a pod; other topologies are not looked at. */
  static List<KeptApart> read(@Nullable Object affinity, String namespace) {
    var terms =
        Fields.map(Fields.map(affinity).get("podAntiAffinity"))
            .get("requiredDuringSchedulingIgnoredDuringExecution");
    return Fields.maps(terms).stream()
        .filter(it -> HOSTNAME.equals(it.get("topologyKey")))
        .filter(it -> it.get("labelSelector") instanceof Map<?, ?>)
        .map(it ->
            new KeptApart(namespaces(it, namespace), LabelSelector.of(it.get("labelSelector"))))
        .toList();
  }

  private static List<String> namespaces(Map<String, Object> term, String own) {
    var selector = term.get("namespaceSelector");
    if (selector instanceof Map<?, ?> map && map.isEmpty()) {
      return List.of();
    }
    var all = new ArrayList<String>();
    if (term.get("namespaces") instanceof List<?> named) {
      named.forEach(it -> all.add(String.valueOf(it)));
    }
    if (all.isEmpty() || selector instanceof Map<?, ?>) {
      all.add(own);
    }
    return all;
  }

  boolean means(String namespace, Map<String, Object> labels) {
    return (namespaces.isEmpty() || namespaces.contains(namespace)) && selector.matches(labels);
  }
}

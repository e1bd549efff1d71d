package io.provision.steps.kubernetes.placement;

import io.provision.kube.LabelSelector;
import io.provision.steps.kubernetes.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What of a pod decides where it can be placed.
 *
 * @param wants its requests, and one of {@code pods}
 * @param places which nodes it wants, of its own accord and for its volumes: all must hold
 */
record PodShape(
    String namespace,
    String name,
    Map<String, Object> labels,
    Amounts wants,
    List<NodeTaint.Toleration> tolerations,
    List<Place> places,
    List<KeptApart> apart) {
  private static final Amounts ONE = Amounts.of("pods", 1);

  /**
   * Where it wants to be, and what says so.
   *
   * @param by completes "... is of another node"
   */
  record Place(String by, NodeTerms nodes) {}

  /** What is there, but for volumes. */
  static PodShape read(Map<String, Object> raw, List<Place> volumes) {
    var metadata = Fields.map(raw.get("metadata"));
    var spec = Fields.map(raw.get("spec"));
    var affinity = Fields.map(spec.get("affinity"));
    var namespace = Objects.toString(metadata.get("namespace"), "");
    var places = new ArrayList<Place>();
    selector(spec.get("nodeSelector"))
        .ifPresent(it -> places.add(new Place("its nodeSelector", it)));
    NodeTerms.read(
            Fields.map(affinity.get("nodeAffinity"))
                .get("requiredDuringSchedulingIgnoredDuringExecution"))
        .ifPresent(it -> places.add(new Place("its node affinity", it)));
    places.addAll(volumes);
    return new PodShape(
        namespace,
        Objects.toString(metadata.get("name"), "?"),
        Fields.map(metadata.get("labels")),
        requests(spec).plus(ONE),
        NodeTaint.Toleration.read(spec.get("tolerations")),
        List.copyOf(places),
        KeptApart.read(affinity, namespace));
  }

  private static Optional<NodeTerms> selector(@Nullable Object raw) {
    var labels = Fields.map(raw);
    return labels.isEmpty()
        ? Optional.empty()
        : Optional.of(
            new NodeTerms(
                List.of(
                    new NodeTerms.Term(
                        LabelSelector.of(Map.of("matchLabels", labels)).requirements(),
                        List.of()))));
  }

  /**
   * What it asks for: all containers and sidecars together, or what one of the init containers
   * needs beside the sidecars before it; and the overhead of its runtime. What the pod asks for as
   * a whole counts instead. See
   * https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/#resource-sharing-within-containers
   */
  static Amounts requests(Map<String, Object> spec) {
    var running = Amounts.NOTHING;
    for (var container : Fields.maps(spec.get("containers"))) {
      running = running.plus(request(container));
    }
    var beside = Amounts.NOTHING;
    var before = Amounts.NOTHING;
    for (var container : Fields.maps(spec.get("initContainers"))) {
      if ("Always".equals(container.get("restartPolicy"))) {
        beside = beside.plus(request(container));
        before = before.max(beside);
      } else {
        before = before.max(beside.plus(request(container)));
      }
    }
    return running
        .plus(beside)
        .max(before)
        .replacedBy(request(spec))
        .plus(Amounts.read(spec.get("overhead")));
  }

  private static Amounts request(Map<String, Object> of) {
    return Amounts.read(Fields.map(of.get("resources")).get("requests"));
  }

  /** Nobody knows how much it needs. */
  boolean asksForNothing() {
    return wants.of("cpu").signum() <= 0 && wants.of("memory").signum() <= 0;
  }

  /** {@code namespace/name}. */
  String title() {
    return "%s/%s".formatted(namespace, name);
  }

  /** Whether one of the two does not want to share a node with the other. */
  boolean isApartFrom(PodShape other) {
    return apart.stream().anyMatch(it -> it.means(other.namespace, other.labels))
        || other.apart.stream().anyMatch(it -> it.means(namespace, labels));
  }
}

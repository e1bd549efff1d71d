package io.provision.steps.kubernetes.placement;

import io.provision.kube.LabelSelector;
import io.provision.steps.kubernetes.Fields;
import java.math.BigInteger;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Which nodes are meant: one of these terms must hold, and all that is in it (NodeSelector of
 * core/v1). A term without anything, and a selector without terms, mean none.
 */
record NodeTerms(List<Term> terms) {

  /** What must hold together: of labels, and of fields, of which there is only the name. */
  record Term(List<LabelSelector.Requirement> labels, List<LabelSelector.Requirement> fields) {
    boolean holds(String name, Map<String, Object> of) {
      return !(labels.isEmpty() && fields.isEmpty())
          && labels.stream().allMatch(it -> NodeTerms.holds(it, of))
          && fields.stream().allMatch(it -> NodeTerms.holds(it, Map.of("metadata.name", name)));
    }
  }

  /** Reads one as the API gives it; empty where there is none, which means all nodes. */
  static Optional<NodeTerms> read(@Nullable Object raw) {
    return raw instanceof Map<?, ?>
        ? Optional.of(
            new NodeTerms(
                Fields.maps(Fields.map(raw).get("nodeSelectorTerms")).stream()
                    .map(it ->
                        new Term(
                            requirements(it.get("matchExpressions")),
                            requirements(it.get("matchFields"))))
                    .toList()))
        : Optional.empty();
  }

  private static List<LabelSelector.Requirement> requirements(@Nullable Object raw) {
    return Fields.maps(raw).stream().map(LabelSelector::requirement).toList();
  }

  boolean matches(String name, Map<String, Object> labels) {
    return terms.stream().anyMatch(it -> it.holds(name, labels));
  }

  /** As selectors of objects, and besides {@code Gt} and {@code Lt}. */
  private static boolean holds(LabelSelector.Requirement is, Map<String, Object> labels) {
    return switch (is.operator()) {
      case "Gt" -> compared(is, labels) > 0;
      case "Lt" -> compared(is, labels) < 0;
      default -> new LabelSelector(List.of(is)).matches(labels);
    };
  }

  /** 0 too where it cannot be compared. */
  private static int compared(LabelSelector.Requirement is, Map<String, Object> labels) {
    var there = number(labels.get(is.key()));
    var bound = is.values().size() == 1 ? number(is.values().getFirst()) : null;
    return there == null || bound == null ? 0 : there.compareTo(bound);
  }

  private static @Nullable BigInteger number(@Nullable Object value) {
    return String.valueOf(value).matches("[+-]?[0-9]{1,19}")
        ? new BigInteger(String.valueOf(value))
        : null;
  }
}

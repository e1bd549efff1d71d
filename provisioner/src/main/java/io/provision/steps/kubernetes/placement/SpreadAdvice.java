package io.provision.steps.kubernetes.placement;

import io.provision.render.YamlContent;
import io.provision.steps.kubernetes.Fields;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/**
 * What workloads lack so that a node can go without them: constraints that spread their pods, and
 * budgets. As YAML that {@code kubectl apply --server-side} takes, of which each document has only
 * what is to be added; and what nothing of that helps, as comments.
 */
final class SpreadAdvice {
  private static final String HOSTNAME = "kubernetes.io/hostname";

  private final Budgets budgets;
  private final Set<String> names = new HashSet<>();
  private final List<String> documents = new ArrayList<>();
  private final List<String> single = new ArrayList<>();

  /** A Deployment or a StatefulSet. */
  private record Several(
      String kind,
      String namespace,
      String name,
      Map<String, Object> metadata,
      Map<String, Object> spec) {
    static Several of(String kind, Map<String, Object> raw) {
      var metadata = Fields.map(raw.get("metadata"));
      return new Several(
          kind,
          text(metadata.get("namespace")),
          text(metadata.get("name")),
          metadata,
          Fields.map(raw.get("spec")));
    }

    private String title() {
      return "%s %s/%s".formatted(kind, plain(namespace), plain(name));
    }

    /** The API always says how many; a kind that has lost it says 1. */
    private long replicas() {
      return spec.get("replicas") instanceof Number number ? number.longValue() : 1;
    }

    private Map<String, Object> pods() {
      return Fields.map(Fields.map(spec.get("template")).get("spec"));
    }

    private Map<String, Object> labels() {
      return Fields.map(Fields.map(Fields.map(spec.get("template")).get("metadata")).get("labels"));
    }

    /** By constraints, or since they keep apart by themselves, of whichever strength. */
    private boolean isSpread() {
      var apart = Fields.map(Fields.map(pods().get("affinity")).get("podAntiAffinity"));
      return Fields.maps(pods().get("topologySpreadConstraints")).stream()
              .anyMatch(it -> HOSTNAME.equals(it.get("topologyKey")))
          || Fields.maps(apart.get("requiredDuringSchedulingIgnoredDuringExecution")).stream()
              .anyMatch(it -> HOSTNAME.equals(it.get("topologyKey")))
          || Fields.maps(apart.get("preferredDuringSchedulingIgnoredDuringExecution")).stream()
              .map(it -> Fields.map(it.get("podAffinityTerm")))
              .anyMatch(it -> HOSTNAME.equals(it.get("topologyKey")));
    }

    /** Who made it, and may set back what others change. */
    private Optional<String> maker() {
      return Fields.maps(metadata.get("ownerReferences")).stream()
          .findFirst()
          .map(it -> "%s %s".formatted(plain(text(it.get("kind"))), plain(text(it.get("name")))));
    }
  }

  private SpreadAdvice(List<Map<String, Object>> rawBudgets) {
    budgets = Budgets.read(rawBudgets);
    budgets.all().forEach(it -> names.add("%s/%s".formatted(it.namespace(), it.name())));
  }

  /** The advice of a whole cluster, from lists as the API gives them. */
  static String of(
      List<Map<String, Object>> deployments,
      List<Map<String, Object>> statefulSets,
      List<Map<String, Object>> budgets) {
    var advice = new SpreadAdvice(budgets);
    var all = new ArrayList<Several>();
    deployments.forEach(it -> all.add(Several.of("Deployment", it)));
    statefulSets.forEach(it -> all.add(Several.of("StatefulSet", it)));
    all.stream()
        .filter(it -> !it.name().isEmpty() && it.replicas() > 0)
        .sorted(Comparator.comparing(Several::title))
        .forEach(advice::add);
    return advice.text();
  }

  private void add(Several workload) {
    if (workload.replicas() < 2) {
      single.add(workload.title());
      return;
    }
    var selector = Fields.map(workload.spec().get("selector"));
    if (selector.isEmpty()) {
      return;
    }
    if (!workload.isSpread()) {
      documents.add(
          document(
              "%s: nothing keeps its %d pods from running on one node. This makes new pods of it."
                  .formatted(workload.title(), workload.replicas()),
              workload,
              spread(workload, selector)));
    }
    if (!hasBudget(workload)) {
      documents.add(
          document(
              "%s: nothing keeps a drain, or several at once, from evicting all of its %d pods."
                  .formatted(workload.title(), workload.replicas()),
              workload,
              budget(workload, selector)));
    }
  }

  private boolean hasBudget(Several workload) {
    return budgets.all().stream()
        .anyMatch(it ->
            it.namespace().equals(workload.namespace())
                && it.selector().matches(workload.labels()));
  }

  private static String document(String why, Several workload, Map<String, Object> content) {
    var maker =
        workload
            .maker()
            .map("# %s has it, and may take this away: better say it there.\n"::formatted)
            .orElse("");
    return "---\n# %s\n%s%s".formatted(why, maker, YamlContent.text(content));
  }

  /** In the order in which people write it. */
  private static Map<String, Object> ordered(Object... keysAndValues) {
    var map = new LinkedHashMap<String, Object>();
    for (var i = 0; i < keysAndValues.length; i += 2) {
      map.put(keysAndValues[i].toString(), keysAndValues[i + 1]);
    }
    return map;
  }

  /**
   * Of pods of one template only, so that a rollout is spread too; not of a StatefulSet, which has
   * no label for that.
   */
  private static Map<String, Object> spread(Several workload, Map<String, Object> selector) {
    var constraint =
        ordered(
            "maxSkew",
            1,
            "topologyKey",
            HOSTNAME,
            "whenUnsatisfiable",
            "ScheduleAnyway",
            "nodeTaintsPolicy",
            "Honor",
            "labelSelector",
            selector);
    if (workload.kind().equals("Deployment")) {
      constraint.put("matchLabelKeys", List.of("pod-template-hash"));
    }
    return ordered(
        "apiVersion",
        "apps/v1",
        "kind",
        workload.kind(),
        "metadata",
        ordered("name", workload.name(), "namespace", workload.namespace()),
        "spec",
        ordered(
            "template",
            ordered("spec", ordered("topologySpreadConstraints", List.of(constraint)))));
  }

  private Map<String, Object> budget(Several workload, Map<String, Object> selector) {
    var name = workload.name();
    while (!names.add("%s/%s".formatted(workload.namespace(), name))) {
      name = name + "-budget";
    }
    return ordered(
        "apiVersion",
        "policy/v1",
        "kind",
        "PodDisruptionBudget",
        "metadata",
        ordered("name", name, "namespace", workload.namespace()),
        "spec",
        ordered(
            "maxUnavailable",
            1,
            "unhealthyPodEvictionPolicy",
            "AlwaysAllow",
            "selector",
            selector));
  }

  private String text() {
    var text = new StringBuilder();
    if (documents.isEmpty()) {
      text.append("# What has several replicas is spread, and has budgets.\n");
    } else {
      text.append(
          "# To be read, and then given to: kubectl apply --server-side -f FILE\n"
              + "# Each document has only what is added. Nothing was changed.\n");
    }
    if (!single.isEmpty()) {
      text.append(
          "# What has one replica is away whenever its node goes, until it is made again elsewhere.\n"
              + "# A budget would only keep the node from being drained; a second replica helps what\n"
              + "# can have one, such as CoreDNS:\n");
      single.forEach(it -> text.append("#   ").append(it).append('\n'));
    }
    documents.forEach(text::append);
    return text.toString();
  }

  private static String text(@org.jspecify.annotations.Nullable Object value) {
    return Objects.toString(value, "");
  }

  /** Of a comment, which ends with its line. */
  private static String plain(String text) {
    return text.replaceAll("[\\p{Cntrl}\\x{85}\\x{2028}\\x{2029}]", "?");
  }
}

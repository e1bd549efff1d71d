package io.provision.steps.kubernetes.placement;

import io.provision.kube.LabelSelector;
import io.provision.steps.kubernetes.Fields;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;

/** PodDisruptionBudgets (policy/v1), and what they say to an eviction. */
record Budgets(List<Budget> all) {

  /** One of them, with what its status says; -1 where it does not. */
  record Budget(
      String namespace,
      String name,
      LabelSelector selector,
      boolean lets,
      long allowed,
      long healthy,
      long wanted,
      long expected) {
    private String words() {
      return "the budget '%s' lets none go: %d of %d are healthy, %d have to be"
          .formatted(name, healthy, expected, wanted);
    }
  }

  /**
   * What is in the way of a pod.
   *
   * @param isForGood whether waiting does not help
   */
  record Hold(String pod, String why, boolean isForGood) {
    @Override
    public String toString() {
      return "%s (%s)".formatted(pod, why);
    }
  }

  static Budgets read(List<Map<String, Object>> raw) {
    var all = new ArrayList<Budget>();
    for (var each : raw) {
      var metadata = Fields.map(each.get("metadata"));
      var spec = Fields.map(each.get("spec"));
      var status = Fields.map(each.get("status"));
      if (spec.get("selector") instanceof Map<?, ?> selector) {
        all.add(
            new Budget(
                Objects.toString(metadata.get("namespace"), ""),
                Objects.toString(metadata.get("name"), "?"),
                LabelSelector.of(selector),
                "AlwaysAllow".equals(spec.get("unhealthyPodEvictionPolicy")),
                number(status, "disruptionsAllowed"),
                number(status, "currentHealthy"),
                number(status, "desiredHealthy"),
                number(status, "expectedPods")));
      }
    }
    return new Budgets(all);
  }

  private static long number(Map<String, Object> status, String key) {
    return status.get(key) instanceof Number number ? number.longValue() : -1;
  }

  /**
   * What keeps a pod from being evicted, by what was counted last.
   *
   * @param isReady whether it is; one that is not counts for no budget
   */
  Optional<Hold> against(PodShape pod, boolean isReady) {
    var own =
        all.stream()
            .filter(it -> it.namespace().equals(pod.namespace()))
            .filter(it -> it.selector().matches(pod.labels()))
            .toList();
    if (own.size() > 1) {
      var names = own.stream().map(Budget::name).collect(Collectors.joining("', '"));
      return Optional.of(
          new Hold(
              pod.title(),
              "it has several budgets, '%s': no API evicts it".formatted(names),
              true));
    }
    return own.stream()
        .filter(it -> it.allowed() == 0)
        .filter(it -> isReady || !(it.lets() || it.healthy() >= it.wanted() && it.wanted() > 0))
        .map(it -> new Hold(pod.title(), it.words(), it.wanted() >= it.expected()))
        .findFirst();
  }
}

package io.provision.steps.kubernetes.apiserver;

import io.provision.model.Position;
import io.provision.render.YamlContent;
import io.provision.section.DidYouMean;
import io.provision.section.Findings;
import java.util.Collection;
import java.util.List;
import java.util.Map;

/**
 * What can be wrong with a policy of the inventory: an API server that finds a field it does not
 * know goes on without it, and one that finds no rule does not start
 * (k8s.io/apiserver/pkg/audit/policy/reader.go, and apis/audit/validation).
 */
record AuditPolicy(Map<String, Object> policy, Position at, Findings findings) {
  /** What every policy begins with; may be left out. */
  static final Map<String, String> HEAD = Map.of("apiVersion", "audit.k8s.io/v1", "kind", "Policy");

  private static final List<String> FIELDS =
      List.of("apiVersion", "kind", "metadata", "omitManagedFields", "omitStages", "rules");
  private static final List<String> OF_RULES =
      List.of(
          "level",
          "namespaces",
          "nonResourceURLs",
          "omitManagedFields",
          "omitStages",
          "resources",
          "userGroups",
          "users",
          "verbs");
  private static final List<String> OF_RESOURCES = List.of("group", "resourceNames", "resources");
  private static final List<String> LEVELS =
      List.of("None", "Metadata", "Request", "RequestResponse");
  private static final List<String> STAGES =
      List.of("RequestReceived", "ResponseStarted", "ResponseComplete", "Panic");

  /** What a rule may have and still be about every Secret. */
  private static final List<String> NARROWS_NOTHING =
      List.of("level", "omitManagedFields", "omitStages", "resources");

  void check() {
    if (YamlContent.holdsSecret(policy)) {
      wrong("a policy is shown by plans, so that no secret can be in it. take it out.");
      return;
    }
    HEAD.forEach((key, value) -> {
      if (policy.containsKey(key) && !value.equals(policy.get(key))) {
        wrong(
            "its '%s' is '%s'. write '%s', or leave it out."
                .formatted(key, policy.get(key), value));
      }
    });
    known(policy.keySet(), FIELDS, "the policy");
    stages(policy, "the policy");
    if (!(policy.get("rules") instanceof List<?> rules) || rules.isEmpty()) {
      wrong(
          "there are no rules, and the API server would not start. add 'rules: [{ level: Metadata }]'.");
      return;
    }
    var number = 0;
    for (var rule : rules) {
      number++;
      rule(rule, "rule %d".formatted(number));
    }
    bodies(rules);
  }

  private void rule(Object given, String name) {
    if (!(given instanceof Map<?, ?> rule)) {
      wrong("%s is not a mapping. write it as { level: Metadata, ... }.".formatted(name));
      return;
    }
    known(rule.keySet(), OF_RULES, name);
    word(String.valueOf(rule.get("level")), LEVELS, "level", name, rule.containsKey("level"));
    stages(rule, name);
    var isOfPaths = rule.get("nonResourceURLs") instanceof List<?> urls && !urls.isEmpty();
    if (isOfPaths && (rule.containsKey("resources") || rule.containsKey("namespaces"))) {
      wrong(
          "%s has 'nonResourceURLs' beside resources or namespaces, and the API server would not start. make two rules of it."
              .formatted(name));
    }
    if (rule.get("resources") instanceof List<?> resources) {
      for (var each : resources) {
        if (each instanceof Map<?, ?> group) {
          known(group.keySet(), OF_RESOURCES, "a resource of " + name);
        } else {
          wrong(
              "a resource of %s is not a mapping. write it as { group: \"\", resources: [secrets] }."
                  .formatted(name));
        }
      }
    } else if (rule.containsKey("resources")) {
      wrong("'resources' of %s is not a list. make it one.".formatted(name));
    }
  }

  private void stages(Map<?, ?> holder, String name) {
    if (holder.get("omitStages") instanceof List<?> stages) {
      stages.forEach(it -> word(String.valueOf(it), STAGES, "stage", name, true));
    }
  }

  private void word(String word, List<String> words, String what, String name, boolean isThere) {
    if (!isThere) {
      wrong("%s has no '%s'. take one of %s.".formatted(name, what, String.join(", ", words)));
    } else if (!words.contains(word)) {
      wrong(
          "%s has the %s '%s', which is none of %s.%s"
              .formatted(
                  name, what, word, String.join(", ", words), DidYouMean.sentence(word, words)));
    }
  }

  private void known(Collection<?> keys, List<String> fields, String name) {
    for (var key : keys) {
      var word = String.valueOf(key);
      if (!fields.contains(word)) {
        var hint = DidYouMean.sentence(word, fields);
        wrong(
            "%s has a field '%s' that no policy has.%s"
                .formatted(
                    name,
                    word,
                    hint.isEmpty() ? " known: " + String.join(", ", fields) + "." : hint));
      }
    }
  }

  /** The first rule that is about Secrets and writes down what is in them, where one does. */
  private void bodies(List<?> rules) {
    for (var each : rules) {
      if (!(each instanceof Map<?, ?> rule) || !isAboutSecrets(rule)) {
        continue;
      }
      if (String.valueOf(rule.get("level")).startsWith("Request")) {
        findings.warn(
            at,
            "level %s writes what is in Secrets into the log, in plain. put { level: Metadata, resources: [{ group: \"\", resources: [secrets] }] } before it."
                .formatted(rule.get("level")));
        return;
      }
      if (NARROWS_NOTHING.containsAll(rule.keySet()) && !hasNames(rule)) {
        return; // no Secret gets further than this rule
      }
    }
  }

  private static boolean isAboutSecrets(Map<?, ?> rule) {
    if (rule.containsKey("nonResourceURLs")) {
      return false;
    }
    return !(rule.get("resources") instanceof List<?> resources)
        || resources.isEmpty()
        || resources.stream().anyMatch(AuditPolicy::holdsSecrets);
  }

  private static boolean hasNames(Map<?, ?> rule) {
    return rule.get("resources") instanceof List<?> resources
        && resources.stream()
            .anyMatch(it -> it instanceof Map<?, ?> group && group.containsKey("resourceNames"));
  }

  private static boolean holdsSecrets(Object resource) {
    if (!(resource instanceof Map<?, ?> group)
        || !String.valueOf(group.containsKey("group") ? group.get("group") : "").isEmpty()) {
      return false;
    }
    return !(group.get("resources") instanceof List<?> names)
        || names.isEmpty()
        || names.contains("secrets")
        || names.contains("*");
  }

  private void wrong(String reason) {
    findings.add(at, "policy: " + reason);
  }
}

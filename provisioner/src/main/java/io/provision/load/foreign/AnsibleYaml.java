package io.provision.load.foreign;

import io.provision.section.Node;
import io.provision.section.Node.Mapping;
import java.util.LinkedHashMap;
import java.util.Map;

/** Ansible's inventories of the form YAML. */
final class AnsibleYaml {
  private final AnsibleGroups groups = new AnsibleGroups();

  private AnsibleYaml() {}

  /** Whether a document is one: groups, of which one has hosts or groups. */
  static boolean isOne(Mapping document) {
    return !document.entries().isEmpty()
        && document.entries().values().stream()
            .map(entry -> entry.value())
            .anyMatch(node ->
                node instanceof Mapping group && (group.has("hosts") || group.has("children")));
  }

  static AnsibleGroups read(Mapping document) {
    var yaml = new AnsibleYaml();
    document.entries().forEach((name, entry) -> yaml.group(name, entry.value()));
    return yaml.groups;
  }

  private void group(String name, Node node) {
    if (!(node instanceof Mapping group)) {
      return;
    }
    if (group.find("hosts").orElse(null) instanceof Mapping hosts) {
      hosts
          .entries()
          .forEach(
              (host, entry) -> groups.host(name, host, of(entry.value()), entry.key().position()));
    }
    groups.variables(name, mapping(group, "vars"));
    mapping(group, "children")
        .forEach((child, below) -> {
          groups.child(name, child);
          group(child, below);
        });
  }

  private static Map<String, Node> mapping(Mapping group, String key) {
    return group.find(key).map(AnsibleYaml::of).orElse(Map.of());
  }

  static Map<String, Node> of(Node node) {
    var values = new LinkedHashMap<String, Node>();
    if (node instanceof Mapping mapping) {
      mapping.entries().forEach((key, entry) -> values.put(key, entry.value()));
    }
    return values;
  }
}

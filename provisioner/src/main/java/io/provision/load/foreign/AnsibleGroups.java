package io.provision.load.foreign;

import io.provision.model.Position;
import io.provision.section.Node;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * An inventory of Ansible: groups with hosts, groups in groups, and variables of all of them.
 *
 * @see <a
 *     href="https://docs.ansible.com/ansible/latest/inventory_guide/intro_inventory.html">inventories</a>
 */
final class AnsibleGroups {
  static final String ALL = "all";

  private final Map<String, Group> groups = new LinkedHashMap<>();
  private final Map<String, Map<String, Node>> hosts = new LinkedHashMap<>();
  private final Map<String, Position> places = new LinkedHashMap<>();

  private record Group(Set<String> hosts, Set<String> children, Map<String, Node> variables) {
    Group() {
      this(new LinkedHashSet<>(), new LinkedHashSet<>(), new LinkedHashMap<>());
    }
  }

  /**
   * @param at where it is named; the first place counts
   */
  void host(String group, String name, Map<String, Node> variables, Position at) {
    places.putIfAbsent(name, at);
    hosts.computeIfAbsent(name, _ -> new LinkedHashMap<>()).putAll(variables);
    group(group).hosts().add(name);
  }

  void child(String group, String child) {
    var _ = group(child);
    group(group).children().add(child);
  }

  void variables(String group, Map<String, Node> variables) {
    group(group).variables().putAll(variables);
  }

  private Group group(String name) {
    return groups.computeIfAbsent(name, _ -> new Group());
  }

  List<String> hosts() {
    return List.copyOf(hosts.keySet());
  }

  /** The names of groups that have hosts or variables, in the order of the file. */
  Set<String> groups() {
    return groups.keySet();
  }

  /** The hosts of a group and of those in it; none where there is no such group. */
  Set<String> members(String name) {
    return members(name, new LinkedHashSet<>());
  }

  private Set<String> members(String name, Set<String> seen) {
    var members = new LinkedHashSet<String>();
    var group = groups.get(name);
    if (group == null || !seen.add(name)) {
      return members; // a group that holds itself has been counted
    }
    members.addAll(group.hosts());
    group.children().forEach(child -> members.addAll(members(child, seen)));
    return members;
  }

  /** Where a host was named first. */
  Position at(String host) {
    return Objects.requireNonNull(places.get(host), host);
  }

  /** A host's own variables. */
  Map<String, Node> ofHost(String name) {
    return hosts.getOrDefault(name, Map.of());
  }

  /** Those of all groups, the more special ones last, and of each its own. */
  List<Map<String, Node>> ofGroups() {
    var names = new ArrayList<>(groups.keySet());
    names.sort((one, other) -> Integer.compare(members(other).size(), members(one).size()));
    names.remove(ALL);
    names.addFirst(ALL);
    return names.stream().map(name -> groups.getOrDefault(name, new Group()).variables()).toList();
  }

  /** Those of the groups that a host is in, the more special ones last. */
  Map<String, Node> ofGroupsOf(String host) {
    var merged = new LinkedHashMap<String, Node>();
    var names = new ArrayList<>(groups.keySet());
    names.removeIf(name -> name.equals(ALL) || !members(name).contains(host));
    names.sort((one, other) -> Integer.compare(members(other).size(), members(one).size()));
    merged.putAll(groups.getOrDefault(ALL, new Group()).variables());
    names.forEach(name -> merged.putAll(group(name).variables()));
    return merged;
  }
}

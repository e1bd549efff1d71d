package io.provision;

import com.tngtech.archunit.core.domain.JavaClass;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Circles in a graph of imports, and the file that a class is written in. */
final class Circles {
  private Circles() {}

  /** The groups of at least two nodes in which each leads to each. */
  static Set<Set<String>> in(Map<String, Set<String>> imports) {
    var reached = new HashMap<String, Set<String>>();
    imports.keySet().forEach(node -> reached.put(node, from(node, imports)));
    var circles = new HashSet<Set<String>>();
    for (var node : imports.keySet()) {
      var circle = new TreeSet<String>();
      for (var other : reached.get(node)) {
        if (reached.getOrDefault(other, Set.of()).contains(node)) {
          circle.add(other);
        }
      }
      if (circle.size() > 1) {
        circles.add(circle);
      }
    }
    return circles;
  }

  /** The name of the top-level class around a class: as a rule, its file. */
  static String file(JavaClass type) {
    return type.getBaseComponentType().getFullName().split("\\$", 2)[0];
  }

  /** All that can be reached from a node by one import or more. */
  private static Set<String> from(String node, Map<String, Set<String>> imports) {
    var seen = new HashSet<String>();
    var open = new java.util.ArrayDeque<>(imports.getOrDefault(node, Set.of()));
    while (!open.isEmpty()) {
      var next = open.pop();
      if (seen.add(next)) {
        open.addAll(imports.getOrDefault(next, Set.of()));
      }
    }
    return seen;
  }
}

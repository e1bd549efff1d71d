package io.provision.kube;

import io.provision.kube.LiveObject.Owner;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What differs between an object as declared and as it is. A field differs where it is declared
 * with another value, or where we own it and no longer declare it; what others set, and what the
 * API added of itself, is nobody's drift.
 *
 * @param seen the live object, of it only what is declared or ours; where it means the same it is
 *     written as declared, so that it equals the manifest when nothing differs
 * @param differences in the order of the manifest
 */
public record Comparison(Map<String, Object> seen, List<Difference> differences) {
  /** Who our fields belong to. */
  public static final String MANAGER = "provision";

  /**
   * @param path as conflict messages write it, for example {@code .spec.replicas}
   * @param others who else set it
   * @param ours whether we did
   */
  public record Difference(String path, Set<String> others, boolean ours) {}

  public Comparison {
    differences = List.copyOf(differences);
  }

  public static Comparison of(Manifest wanted, LiveObject live) {
    var walk = new Walk(live.owners());
    var seen = walk.map("", wanted.content(), live.content(), walk.roots());
    return new Comparison(LiveObject.map(seen), walk.found);
  }

  /** Whether we set any field of it. */
  public static boolean isOurs(LiveObject live) {
    return live.owners().stream().anyMatch(owner -> owner.manager().equals(MANAGER));
  }

  public boolean isInSync() {
    return differences.isEmpty();
  }

  /** What others set and we did not, so that the API would refuse to overwrite it. */
  public List<Difference> conflicts() {
    return differences.stream().filter(each -> !each.ours() && !each.others().isEmpty()).toList();
  }

  /** Where a path of the live object stands in what each manager owns. */
  private record Node(String manager, @Nullable Object fields) {
    boolean isOurs() {
      return manager.equals(MANAGER);
    }

    Map<String, Object> children() {
      return LiveObject.map(fields);
    }
  }

  private static final class Walk {
    private static final Set<String> AMOUNTS =
        Set.of(
            "capacity",
            "limits",
            "requests",
            "hard",
            "sizeLimit",
            "default",
            "defaultRequest",
            "max",
            "min");
    private final List<Difference> found = new ArrayList<>();
    private final List<Owner> owners;

    Walk(List<Owner> owners) {
      this.owners = owners;
    }

    List<Node> roots() {
      return owners.stream().map(it -> new Node(it.manager(), it.fields())).toList();
    }

    /** The live value as it is to be shown: the wanted one where it means the same. */
    Optional<Object> value(String path, Object wanted, @Nullable Object live, List<Node> nodes) {
      if (live == null) {
        if (isNothing(wanted) || isEmptyMap(wanted) && isOurs(nodes)) {
          return Optional.of(wanted);
        }
        differs(path, nodes);
        return Optional.empty();
      }
      if (wanted instanceof Map<?, ?> map && live instanceof Map<?, ?> there) {
        return Optional.of(map(path, LiveObject.map(map), LiveObject.map(there), nodes));
      }
      if (wanted instanceof List<?> list && live instanceof List<?> there) {
        return Optional.of(list(path, list, there, nodes));
      }
      if (same(path, wanted, live)) {
        return Optional.of(wanted);
      }
      differs(path, nodes);
      return Optional.of(live);
    }

    Object map(
        String path, Map<String, Object> wanted, Map<String, Object> live, List<Node> nodes) {
      var seen = new LinkedHashMap<String, Object>();
      wanted.forEach((key, value) ->
          value(path + "." + key, value, live.get(key), below(nodes, "f:" + key))
              .ifPresent(it -> seen.put(key, it)));
      var whole = !wanted.isEmpty() && isWholeOurs(nodes);
      live.forEach((key, value) -> {
        if (!wanted.containsKey(key)) {
          var child = below(nodes, "f:" + key);
          if (whole) {
            differs(path + "." + key, nodes);
            seen.put(key, value);
          } else if (isOurs(child)) {
            left(path + "." + key, value, child).ifPresent(it -> seen.put(key, it));
          }
        }
      });
      return seen;
    }

    /** Of a value that is no longer declared, the parts that are ours. */
    private Optional<Object> left(String path, Object live, List<Node> nodes) {
      var ours = nodes.stream().filter(Node::isOurs).findFirst().orElseThrow();
      if (ours.children().isEmpty()) {
        differs(path, nodes);
        return Optional.of(live);
      }
      var seen =
          switch (live) {
            case Map<?, ?> map -> map(path, Map.of(), LiveObject.map(map), nodes);
            case List<?> list -> list(path, List.of(), list, nodes);
            default -> live;
          };
      var empty = seen instanceof Map<?, ?> map && map.isEmpty() || List.of().equals(seen);
      return empty ? Optional.empty() : Optional.of(seen);
    }

    private Object list(String path, List<?> wanted, List<?> live, List<Node> nodes) {
      var keys = keys(nodes);
      if (!keys.isEmpty()) {
        return byKeys(path, wanted, live, nodes, keys);
      }
      var isSet =
          nodes.stream()
              .anyMatch(
                  node -> node.children().keySet().stream().anyMatch(it -> it.startsWith("v:")));
      return isSet ? set(path, wanted, live, nodes) : inOrder(path, wanted, live, nodes);
    }

    /** A list that is replaced as a whole. */
    private Object inOrder(String path, List<?> wanted, List<?> live, List<Node> nodes) {
      var before = found.size();
      var seen = new ArrayList<Object>();
      for (var i = 0; i < Math.min(wanted.size(), live.size()); i++) {
        value(path + "[" + i + "]", wanted.get(i), live.get(i), List.of()).ifPresent(seen::add);
      }
      var isSame = wanted.size() == live.size() && found.size() == before;
      while (found.size() > before) {
        found.removeLast();
      }
      if (isSame) {
        return wanted;
      }
      differs(path, nodes);
      return live;
    }

    private Object set(String path, List<?> wanted, List<?> live, List<Node> nodes) {
      var seen = new ArrayList<Object>();
      for (var each : wanted) {
        if (live.contains(each)) {
          seen.add(each);
        } else {
          differs("%s[%s]".formatted(path, each), List.of());
        }
      }
      for (var each : live) {
        var child = below(nodes, "v:" + ElementKeys.scalar(each));
        if (!wanted.contains(each) && isOurs(child)) {
          differs("%s[%s]".formatted(path, each), child);
          seen.add(each);
        }
      }
      return seen;
    }

    private Object byKeys(
        String path, List<?> wanted, List<?> live, List<Node> nodes, Set<String> keys) {
      var seen = new ArrayList<Object>();
      var matched = new ArrayList<Object>();
      for (var each : wanted) {
        var element = LiveObject.map(each);
        var there = live.stream().filter(it -> isNamed(element, it, keys)).findFirst();
        var at = path + named(element, keys);
        there.ifPresent(matched::add);
        value(at, each, there.orElse(null), there.map(it -> below(nodes, it)).orElse(List.of()))
            .ifPresent(seen::add);
      }
      for (var each : live) {
        var child = below(nodes, each);
        if (matched.stream().noneMatch(it -> it == each) && isOurs(child)) {
          differs(path + named(LiveObject.map(each), keys), child);
          seen.add(each);
        }
      }
      return seen;
    }

    /** A key that is not declared has the API's default, of which there can be only one. */
    private static boolean isNamed(Map<String, Object> wanted, Object live, Set<String> keys) {
      var there = LiveObject.map(live);
      return wanted.keySet().stream().anyMatch(keys::contains)
          && keys.stream()
              .allMatch(key -> {
                var value = wanted.get(key);
                return value == null
                    ? !key.equals("protocol") || "TCP".equals(there.getOrDefault(key, "TCP"))
                    : equal(value, there.get(key));
              });
    }

    private static String named(Map<String, Object> element, Set<String> keys) {
      var text = new StringBuilder("[");
      for (var key : keys) {
        if (element.get(key) != null) {
          text.append(text.length() > 1 ? "," : "")
              .append(key)
              .append('=')
              .append(element.get(key));
        }
      }
      return text.append(']').toString();
    }

    private static Set<String> keys(List<Node> nodes) {
      var keys = new LinkedHashSet<String>();
      for (var node : nodes) {
        for (var name : node.children().keySet()) {
          ElementKeys.of(name).ifPresent(it -> keys.addAll(it.keySet()));
        }
      }
      return keys;
    }

    private static List<Node> below(List<Node> nodes, String name) {
      return nodes.stream()
          .filter(node -> node.children().containsKey(name))
          .map(node -> new Node(node.manager(), node.children().get(name)))
          .toList();
    }

    private static List<Node> below(List<Node> nodes, Object element) {
      var there = LiveObject.map(element);
      var children = new ArrayList<Node>();
      for (var node : nodes) {
        node.children()
            .forEach((name, fields) -> {
              var keys = ElementKeys.of(name);
              if (keys.isPresent()
                  && keys.get().entrySet().stream()
                      .allMatch(it -> equal(it.getValue(), there.get(it.getKey())))) {
                children.add(new Node(node.manager(), fields));
              }
            });
      }
      return children;
    }

    private static boolean isOurs(List<Node> nodes) {
      return nodes.stream().anyMatch(Node::isOurs);
    }

    /** Whether a map is ours as one value, as selectors are. */
    private static boolean isWholeOurs(List<Node> nodes) {
      return nodes.stream()
          .anyMatch(node -> node.isOurs() && node.fields() != null && node.children().isEmpty());
    }

    private void differs(String path, List<Node> nodes) {
      var others = new LinkedHashSet<String>();
      nodes.stream().filter(it -> !it.isOurs()).forEach(it -> others.add(it.manager()));
      found.add(new Difference(path, others, isOurs(nodes)));
    }

    private static boolean isNothing(Object wanted) {
      return wanted.equals("")
          || wanted.equals(false)
          || wanted.equals(List.of())
          || wanted instanceof Number number && new BigDecimal(number.toString()).signum() == 0;
    }

    private static boolean isEmptyMap(Object wanted) {
      return wanted instanceof Map<?, ?> map && map.isEmpty();
    }

    private static boolean same(String path, Object wanted, Object live) {
      return equal(wanted, live)
          || path.indexOf('.') >= 0
              && java.util.Arrays.stream(path.split("\\.")).anyMatch(AMOUNTS::contains)
              && Quantity.same(wanted.toString(), live.toString());
    }

    private static boolean equal(@Nullable Object one, @Nullable Object other) {
      return one instanceof Number a && other instanceof Number b
          ? new BigDecimal(a.toString()).compareTo(new BigDecimal(b.toString())) == 0
          : Objects.equals(one, other);
    }
  }
}

package io.provision.kube.comparison;

import io.provision.kube.Manifest;
import io.provision.kube.Quantity;
import io.provision.kube.RawObject;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Goes through what is declared and what is there, side by side, and collects what differs. */
final class ComparisonWalk {
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
  private final boolean suspicious;

  /**
   * @param suspicious whether a key that is not declared, in a value that is one whole, counts: it
   *     is a default of the API, or somebody added it
   */
  ComparisonWalk(boolean suspicious) {
    this.suspicious = suspicious;
  }

  List<Difference> found() {
    return List.copyOf(found);
  }

  /** The live value as it is to be shown: the wanted one where it means the same. */
  private Optional<Object> value(Place at, Object wanted, @Nullable Object live) {
    if (live == null) {
      if (isNothing(wanted) || isEmptyMap(wanted) && at.isOurs() && !at.inWhole()) {
        return Optional.of(wanted);
      }
      differs(at);
      return Optional.empty();
    }
    if (wanted instanceof Map<?, ?> map && live instanceof Map<?, ?> there) {
      return Optional.of(map(at, RawObject.map(map), RawObject.map(there)));
    }
    if (wanted instanceof List<?> list && live instanceof List<?> there) {
      return Optional.of(list(at, list, there));
    }
    if (same(at.path(), wanted, live)) {
      return Optional.of(wanted);
    }
    differs(at);
    return Optional.of(live);
  }

  Map<String, Object> map(Place at, Map<String, Object> wanted, Map<String, Object> live) {
    var seen = new LinkedHashMap<String, Object>();
    wanted.forEach((key, value) ->
        value(at.field(key), value, live.get(key)).ifPresent(it -> seen.put(key, it)));
    live.forEach((key, value) -> {
      if (!wanted.containsKey(key)) {
        var field = at.field(key);
        if (at.isWhole()) {
          if (suspicious) {
            differs(field);
            seen.put(key, value);
          }
        } else if (field.isOurs()) {
          left(field, value).ifPresent(it -> seen.put(key, it));
        }
      }
    });
    return seen;
  }

  /** Of a value that is no longer declared, the parts that are ours. */
  private Optional<Object> left(Place at, Object live) {
    var ours =
        at.owners().stream()
            .filter(owner -> owner.manager().equals(Manifest.MANAGER))
            .findFirst()
            .orElseThrow();
    if (ours.fields().isEmpty()) {
      differs(at);
      return Optional.of(live);
    }
    var seen =
        switch (live) {
          case Map<?, ?> map -> map(at, Map.of(), RawObject.map(map));
          case List<?> list -> list(at, List.of(), list);
          default -> live;
        };
    var empty = seen instanceof Map<?, ?> map && map.isEmpty() || List.of().equals(seen);
    return empty ? Optional.empty() : Optional.of(seen);
  }

  private Object list(Place at, List<?> wanted, List<?> live) {
    if (at.isWhole()) {
      return inOrder(at, wanted, live);
    }
    var keys = at.keys();
    if (!keys.isEmpty()) {
      return byKeys(at, wanted, live, keys);
    }
    return at.names().anyMatch(name -> name.startsWith("v:"))
        ? set(at, wanted, live)
        : inOrder(at, wanted, live);
  }

  /** A list that is replaced as a whole. */
  private Object inOrder(Place at, List<?> wanted, List<?> live) {
    var before = found.size();
    for (var i = 0; i < Math.min(wanted.size(), live.size()); i++) {
      var _ = value(at.part(at.path() + "[" + i + "]"), wanted.get(i), live.get(i));
    }
    var isSame = wanted.size() == live.size() && found.size() == before;
    while (found.size() > before) {
      found.removeLast();
    }
    if (isSame) {
      return wanted;
    }
    differs(at);
    return live;
  }

  private Object set(Place at, List<?> wanted, List<?> live) {
    var seen = new ArrayList<Object>();
    for (var each : wanted) {
      if (live.contains(each)) {
        seen.add(each);
      } else {
        differs(new Place("%s[%s]".formatted(at.path(), each), List.of(), false));
      }
    }
    for (var each : live) {
      var element = at.element("[" + each + "]", "v:" + ElementKeys.scalar(each));
      if (!wanted.contains(each) && element.isOurs()) {
        differs(element);
        seen.add(each);
      }
    }
    return seen;
  }

  private Object byKeys(Place at, List<?> wanted, List<?> live, Set<String> keys) {
    var seen = new ArrayList<Object>();
    var matched = new ArrayList<Object>();
    for (var each : wanted) {
      var element = RawObject.map(each);
      var there = live.stream().filter(it -> isNamed(element, it, keys)).findFirst();
      var name = named(element, keys);
      there.ifPresent(matched::add);
      var place =
          there
              .map(it -> at.element(name, RawObject.map(it)))
              .orElseGet(() -> new Place(at.path() + name, List.of(), false));
      value(place, each, there.orElse(null)).ifPresent(seen::add);
    }
    for (var each : live) {
      var element = RawObject.map(each);
      var place = at.element(named(element, keys), element);
      if (matched.stream().noneMatch(it -> it == each) && place.isOurs()) {
        differs(place);
        seen.add(each);
      }
    }
    return seen;
  }

  /** A key that is not declared has the API's default, of which there can be only one. */
  private static boolean isNamed(Map<String, Object> wanted, Object live, Set<String> keys) {
    var there = RawObject.map(live);
    return wanted.keySet().stream().anyMatch(keys::contains)
        && keys.stream()
            .allMatch(key -> {
              var value = wanted.get(key);
              return value == null
                  ? !key.equals("protocol") || "TCP".equals(there.getOrDefault(key, "TCP"))
                  : RawObject.equal(value, there.get(key));
            });
  }

  private static String named(Map<String, Object> element, Set<String> keys) {
    var text = new StringBuilder("[");
    for (var key : keys) {
      if (element.get(key) != null) {
        text.append(text.length() > 1 ? "," : "").append(key).append('=').append(element.get(key));
      }
    }
    return text.append(']').toString();
  }

  private void differs(Place at) {
    found.add(at.difference());
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
    return RawObject.equal(wanted, live)
        || path.indexOf('.') >= 0
            && Arrays.stream(path.split("\\.")).anyMatch(AMOUNTS::contains)
            && Quantity.same(wanted.toString(), live.toString());
  }
}

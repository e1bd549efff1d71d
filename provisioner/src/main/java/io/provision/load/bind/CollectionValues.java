package io.provision.load.bind;

import io.provision.load.yaml.Problems;
import io.provision.section.Node;
import io.provision.section.Node.Mapping;
import io.provision.section.Node.Sequence;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Optional parts, lists, sets and maps: a part that is wrong is left out. */
final class CollectionValues {
  private final Values values;
  private final SingleValues keys;
  private final Problems problems;

  CollectionValues(Values values, SingleValues keys, Problems problems) {
    this.values = values;
    this.keys = keys;
    this.problems = problems;
  }

  /** The collection; empty where its node is none. */
  Optional<?> of(ParameterizedType type, Node node) {
    var arguments = type.getActualTypeArguments();
    var raw = (Class<?>) type.getRawType();
    if (raw == Optional.class) {
      return node.isNull()
          ? Optional.of(Optional.empty())
          : values.of(arguments[0], node).map(Optional::of);
    }
    if (raw == List.class) {
      return Optional.of(List.copyOf(items(arguments[0], node)));
    }
    if (raw == Set.class) {
      return Optional.of(
          Collections.unmodifiableSet(new LinkedHashSet<>(items(arguments[0], node))));
    }
    if (raw == Map.class) {
      return map(arguments[0], arguments[1], node);
    }
    throw new IllegalStateException("no binding for " + type);
  }

  private List<Object> items(Type type, Node node) {
    var all = new ArrayList<Object>();
    if (node instanceof Sequence(var items, var _)) {
      items.forEach(item -> values.of(type, item).ifPresent(all::add));
    } else if (!node.isNull()) {
      values.of(type, node).ifPresent(all::add);
    }
    return all;
  }

  private Optional<?> map(Type names, Type type, Node node) {
    if (!(node instanceof Mapping mapping)) {
      problems.add(node.position(), "a mapping is expected here, not %s.".formatted(node.kind()));
      return Optional.empty();
    }
    var all = new LinkedHashMap<Object, Object>();
    for (var entry : mapping.entries().values()) {
      var key = keys.of((Class<?>) names, entry.key());
      var value = values.of(type, entry.value());
      if (key.isPresent() && value.isPresent()) {
        all.put(key.get(), value.get());
      }
    }
    return Optional.of(Collections.unmodifiableMap(all));
  }
}

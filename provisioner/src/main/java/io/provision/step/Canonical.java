package io.provision.step;

import io.provision.model.Sha256;
import java.lang.reflect.RecordComponent;
import java.util.Collection;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The same value is the same text in every process: sets and maps have no order of their own. */
public final class Canonical {
  private Canonical() {}

  public static String text(@org.jspecify.annotations.Nullable Object value) {
    return switch (value) {
      case null -> "null";
      case Optional<?> optional -> "Optional" + optional.map(Canonical::text);
      case Map<?, ?> map -> {
        var sorted = new TreeMap<String, String>();
        map.forEach((key, each) -> sorted.put(text(key), text(each)));
        yield sorted.toString();
      }
      case Set<?> set ->
          set.stream()
              .map(Canonical::text)
              .collect(Collectors.toCollection(TreeSet::new))
              .toString();
      case Collection<?> list -> list.stream().map(Canonical::text).toList().toString();
      case Record record -> record.getClass().getSimpleName() + components(record);
      case byte[] bytes -> Sha256.of(bytes).hex();
      default -> own(value);
    };
  }

  private static String own(Object value) {
    try {
      if (value.getClass().getMethod("toString").getDeclaringClass() == Object.class) {
        throw new IllegalStateException(
            value.getClass().getName() + " has no text of its own, so it cannot be an answer");
      }
      return value.toString();
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("everything has a toString", e);
    }
  }

  private static String components(Record record) {
    var text = new StringBuilder("(");
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      try {
        var accessor = component.getAccessor();
        accessor.setAccessible(true);
        text.append(component.getName()).append('=').append(text(accessor.invoke(record)));
        text.append(';');
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("a record can be read", e);
      }
    }
    return text.append(')').toString();
  }
}

package io.provision.render;

import io.provision.model.Secret;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A model as plain maps, lists, strings, numbers and booleans. A record is a map of its components,
 * but a value of one text is that text: a record that overrides {@code toString}, an enum, a path.
 * Empty optionals are left out, so that a template says {@code <#if x??>}.
 */
final class PlainModel {
  private boolean holdsSecret;
  private Map<String, Object> values = Map.of();

  private PlainModel() {}

  static PlainModel of(Record model) {
    var plain = new PlainModel();
    plain.values = plain.components(model);
    return plain;
  }

  Map<String, Object> values() {
    return values;
  }

  boolean holdsSecret() {
    return holdsSecret;
  }

  private Map<String, Object> components(Record value) {
    var map = new LinkedHashMap<String, Object>();
    for (var component : value.getClass().getRecordComponents()) {
      try {
        var accessor = component.getAccessor();
        accessor.setAccessible(true);
        plain(accessor.invoke(value)).ifPresent(it -> map.put(component.getName(), it));
      } catch (IllegalAccessException | InvocationTargetException e) {
        throw new IllegalStateException("cannot read %s of a model".formatted(component), e);
      }
    }
    return map;
  }

  private Optional<Object> plain(@org.jspecify.annotations.Nullable Object value) {
    return switch (value) {
      case null -> Optional.empty();
      case Secret secret -> {
        holdsSecret = true;
        yield Optional.of(new String(secret.reveal(), StandardCharsets.UTF_8));
      }
      case Optional<?> optional -> optional.flatMap(this::plain);
      case String _, Number _, Boolean _ -> Optional.of(value);
      case Enum<?> constant -> Optional.of(word(constant));
      case Map<?, ?> map -> Optional.of(map(map));
      case Each<?, ?> later -> Optional.of(new Each<>(later, this::element));
      case Collection<?> many -> Optional.of(list(many));
      case Record fields when !isText(fields) -> Optional.of(components(fields));
      default -> Optional.of(value.toString());
    };
  }

  private static String word(Enum<?> constant) {
    return constant instanceof io.provision.model.Role role
        ? role.key()
        : constant.name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');
  }

  private Map<String, Object> map(Map<?, ?> from) {
    var map = new LinkedHashMap<String, Object>();
    from.forEach((key, value) -> plain(value).ifPresent(it -> map.put(String.valueOf(key), it)));
    return map;
  }

  /** What is read later can hold a secret as well: it is asked for when the text is there. */
  private Object element(Object value) {
    return plain(value)
        .orElseThrow(() -> new IllegalStateException("a list that is made later holds nothing"));
  }

  private ArrayList<Object> list(Collection<?> from) {
    var list = new ArrayList<Object>();
    from.forEach(value -> plain(value).ifPresent(list::add));
    return list;
  }

  /** Whether a record is one text: it has a toString of its own and a parse or a single part. */
  private static boolean isText(Record value) {
    try {
      var type = value.getClass();
      var own = type.getDeclaredMethod("toString");
      var single = type.getRecordComponents().length == 1;
      return own.getReturnType() == String.class && (single || parses(type));
    } catch (NoSuchMethodException _) {
      return false;
    }
  }

  private static boolean parses(Class<?> type) {
    try {
      return java.lang.reflect.Modifier.isStatic(
          type.getDeclaredMethod("parse", String.class).getModifiers());
    } catch (NoSuchMethodException _) {
      return false;
    }
  }
}

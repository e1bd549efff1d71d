package io.provision.load;

import io.provision.load.Node.Mapping;
import io.provision.model.Position;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * A record as YAML sees it.
 *
 * @param keys the components that are written, without those that are given
 */
record RecordShape(
    Constructor<?> constructor, List<RecordComponent> components, List<RecordComponent> keys) {
  private static final Pattern HUMP = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])");

  static RecordShape of(Class<?> type) {
    var components = type.getRecordComponents();
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      var keys =
          Arrays.stream(components)
              .filter(it -> it.getType() != Mapping.class && it.getType() != Position.class)
              .toList();
      return new RecordShape(constructor, List.of(components), keys);
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record has its canonical constructor", e);
    }
  }

  List<String> names() {
    return keys.stream().map(RecordShape::key).toList();
  }

  /** The key in YAML: {@code podCidr} is {@code pod_cidr}. */
  static String key(RecordComponent component) {
    return HUMP.matcher(component.getName()).replaceAll("_").toLowerCase(Locale.ROOT);
  }

  /** The word in YAML: {@code ACCEPT_NEW} is {@code accept-new}. */
  static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  static boolean isRequired(RecordComponent component) {
    var key = component.getAnnotation(Key.class);
    if (key != null && key.required()) {
      return true;
    }
    var type = component.getType();
    return type != Optional.class && type != OptionalInt.class && type != boolean.class;
  }

  /** Whether a record is written as one text: it has {@code parse(String)}, or is one String. */
  static boolean isValue(Class<?> type) {
    var components = type.getRecordComponents();
    return parser(type).isPresent()
        || (components.length == 1 && components[0].getType() == String.class);
  }

  private static Optional<Method> parser(Class<?> type) {
    try {
      var method = type.getDeclaredMethod("parse", String.class);
      return Modifier.isStatic(method.getModifiers())
              && type.isAssignableFrom(method.getReturnType())
          ? Optional.of(method)
          : Optional.empty();
    } catch (NoSuchMethodException e) {
      return Optional.empty();
    }
  }

  /** A value type from its text; an IllegalArgumentException says what is wrong with it. */
  static Object parse(Class<?> type, String text) {
    try {
      var parser = parser(type);
      if (parser.isPresent()) {
        parser.get().setAccessible(true);
        return parser.get().invoke(null, text);
      }
      var constructor = type.getDeclaredConstructor(String.class);
      constructor.setAccessible(true);
      return constructor.newInstance(text);
    } catch (InvocationTargetException e) {
      throw refusal(e, type);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("no binding for " + type, e);
    }
  }

  /** The values of a record that was written as its only key. */
  Object[] given(Object value, Position at) {
    return components.stream()
        .map(it -> {
          if (it.getType() == Position.class) {
            return at;
          }
          return it.getType() == Mapping.class ? Mapping.empty(at) : value;
        })
        .toArray();
  }

  Object construct(Object[] values) {
    try {
      return constructor.newInstance(values);
    } catch (InvocationTargetException e) {
      throw refusal(e, constructor.getDeclaringClass());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("cannot make " + constructor.getDeclaringClass(), e);
    }
  }

  private static RuntimeException refusal(InvocationTargetException e, Class<?> type) {
    return e.getCause() instanceof IllegalArgumentException refused
        ? refused
        : new IllegalStateException("the constructor of %s failed".formatted(type), e.getCause());
  }
}

package io.provision.load.bind;

import io.provision.load.yaml.Node.Mapping;
import io.provision.model.Position;
import io.provision.step.Given;
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
import java.util.function.Function;

/**
 * A record as YAML sees it.
 *
 * @param keys the components that are written, without those that are given
 * @param names the keys as YAML has them, in the same order
 * @param required names of components that must be there although they are Optional
 * @param parser what makes one of a text, where the record has that
 */
public record RecordShape(
    Constructor<?> constructor,
    List<RecordComponent> components,
    List<RecordComponent> keys,
    List<String> names,
    List<?> required,
    Optional<Method> parser) {

  public static RecordShape of(Class<?> type) {
    var components = type.getRecordComponents();
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      var keys =
          Arrays.stream(components)
              .filter(it -> it.getType() != Mapping.class && it.getType() != Position.class)
              .filter(it -> !Given.is(it))
              .toList();
      return new RecordShape(
          constructor,
          List.of(components),
          keys,
          keys.stream().map(RecordShape::key).toList(),
          required(type),
          parser(type));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record has its canonical constructor", e);
    }
  }

  /** The key in YAML: {@code podCidr} is {@code pod_cidr}. */
  public static String key(RecordComponent component) {
    var key = new StringBuilder();
    for (var letter : component.getName().toCharArray()) {
      if (Character.isUpperCase(letter)) {
        key.append('_');
      }
      key.append(Character.toLowerCase(letter));
    }
    return key.toString();
  }

  /** The word in YAML: {@code ACCEPT_NEW} is {@code accept-new}. */
  public static String name(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Whether a problem is said where the component is missing. */
  public boolean isRequired(RecordComponent component) {
    var type = component.getType();
    return required.contains(component.getName())
        || (type != Optional.class && type != OptionalInt.class && type != boolean.class);
  }

  /** The components that a record names in its list REQUIRED, if it has one. */
  private static List<?> required(Class<?> type) {
    try {
      for (var field : type.getDeclaredFields()) {
        if (field.getName().equals("REQUIRED")) {
          field.setAccessible(true);
          return (List<?>) field.get(null);
        }
      }
      return List.of();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot read REQUIRED of " + type, e);
    }
  }

  /** Whether the record is written as one text: it has {@code parse(String)}, or is one String. */
  public boolean isValue() {
    return parser.isPresent()
        || (components.size() == 1 && components.getFirst().getType() == String.class);
  }

  private static Optional<Method> parser(Class<?> type) {
    return Arrays.stream(type.getDeclaredMethods())
        .filter(it -> it.getName().equals("parse") && Modifier.isStatic(it.getModifiers()))
        .filter(it -> Arrays.equals(it.getParameterTypes(), new Class<?>[] {String.class}))
        .filter(it -> it.getReturnType() == type)
        .peek(it -> it.setAccessible(true))
        .findFirst();
  }

  /** A value from its text; an IllegalArgumentException says what is wrong with it. */
  Object parse(String text) {
    if (parser.isEmpty()) {
      return construct(new Object[] {text});
    }
    try {
      return parser.get().invoke(null, text);
    } catch (InvocationTargetException e) {
      throw refusal(e, constructor.getDeclaringClass());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot call " + parser.get(), e);
    }
  }

  /** The values of a record that was written as its only key. */
  Object[] given(Object value, Position at, Function<RecordComponent, Given> program) {
    return components.stream()
        .map(it -> {
          if (Given.is(it)) {
            return program.apply(it);
          }
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

package io.provision.load.bind;

import io.provision.model.Position;
import io.provision.model.Sections;
import io.provision.section.Node;
import io.provision.section.Node.Mapping;
import io.provision.section.Section;
import io.provision.section.SectionEntry;
import io.provision.section.Source;
import io.provision.section.ValueSection;
import io.provision.step.Given;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A record as YAML sees it. One with a component of type {@link Sections} is a place for sections
 * of areas: all that are listed for the place that its constant {@code PLACE} names.
 *
 * @param keys what can be written: components but those that are given, and sections of areas
 * @param names the keys as YAML has them, in the same order
 * @param sections those of the areas that can stand here
 * @param parser what makes one of a text, where the record has that
 */
public record RecordShape(
    Constructor<?> constructor,
    List<RecordComponent> components,
    List<MappingKey> keys,
    List<String> names,
    List<SectionEntry> sections,
    Optional<Method> parser) {

  /** Without sections of areas. */
  public static RecordShape of(Class<?> type) {
    return of(type, List.of());
  }

  /**
   * @param listed the sections there are, for whatever place
   */
  public static RecordShape of(Class<?> type, List<SectionEntry> listed) {
    var components = type.getRecordComponents();
    var types = Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      var constructor = type.getDeclaredConstructor(types);
      constructor.setAccessible(true);
      var required = constant(type, "REQUIRED").map(it -> (List<?>) it).orElse(List.of());
      var place = constant(type, "PLACE");
      var sections = listed.stream().filter(it -> place.equals(Optional.of(it.place()))).toList();
      var keys =
          Stream.concat(
                  Arrays.stream(components)
                      .filter(RecordShape::isWritten)
                      .map(it -> MappingKey.of(key(it), it, isRequired(it, required))),
                  sections.stream().map(it -> MappingKey.of(it, standing(it))))
              .toList();
      return new RecordShape(
          constructor,
          List.of(components),
          keys,
          keys.stream().map(MappingKey::name).toList(),
          sections,
          parser(type));
    } catch (NoSuchMethodException e) {
      throw new IllegalStateException("a record has its canonical constructor", e);
    }
  }

  private static Type standing(SectionEntry section) {
    return ValueSection.class.isAssignableFrom(section.type())
        ? of(section.type()).keys().getFirst().type()
        : section.type();
  }

  /** The type of what can be written where it may be left out. */
  public static Type value(Type type) {
    return type instanceof ParameterizedType generic && generic.getRawType() == Optional.class
        ? generic.getActualTypeArguments()[0]
        : type;
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

  /** Whether a problem is said where this key is missing. */
  boolean isRequired(String name) {
    return keys.stream().anyMatch(it -> it.name().equals(name) && it.isRequired());
  }

  private static boolean isWritten(RecordComponent component) {
    var type = component.getType();
    return !isSource(type)
        && type != Position.class
        && type != Sections.class
        && !Given.is(component);
  }

  /** Whether a component of this type is given where its record was written. */
  static boolean isSource(Class<?> type) {
    return type == Mapping.class || type == Source.class;
  }

  private static boolean isRequired(RecordComponent component, List<?> required) {
    var type = component.getType();
    return required.contains(component.getName())
        || (type != Optional.class && type != OptionalInt.class && type != boolean.class);
  }

  /** What a record says of itself in a constant of this name, if it has one. */
  public static Optional<Object> constant(Class<?> type, String name) {
    try {
      for (var field : type.getDeclaredFields()) {
        if (field.getName().equals(name)) {
          field.setAccessible(true);
          return Optional.ofNullable(field.get(null));
        }
      }
      return Optional.empty();
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("cannot read %s of %s".formatted(name, type), e);
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
  Object[] given(Object value, Node node, Function<RecordComponent, Given> program) {
    return components.stream()
        .map(it -> {
          if (Given.is(it)) {
            return program.apply(it);
          }
          if (it.getType() == Position.class) {
            return node.position();
          }
          if (it.getType() == Sections.class) {
            return value instanceof Section ? Sections.of((Record) value) : Sections.NONE;
          }
          return isSource(it.getType()) ? source(node) : value;
        })
        .toArray();
  }

  private static Mapping source(Node node) {
    return node instanceof Mapping mapping ? mapping : Mapping.empty(node.position());
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

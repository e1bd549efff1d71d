package io.provision.load.bind;

import io.provision.files.Custody.Complaint;
import io.provision.load.yaml.Node;
import io.provision.load.yaml.Node.Mapping;
import io.provision.load.yaml.Node.Scalar;
import io.provision.load.yaml.Node.Sequence;
import io.provision.load.yaml.Problems;
import io.provision.model.Content;
import io.provision.model.LocalFile;
import io.provision.model.Position;
import io.provision.model.Secret;
import io.provision.model.Sections;
import io.provision.model.SshKey;
import io.provision.section.DidYouMean;
import io.provision.section.SectionEntry;
import io.provision.section.Unquoted;
import io.provision.section.ValueSection;
import io.provision.step.Given;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Binds nodes to records: keys in snake_case to components in camelCase, by the component's type. A
 * component may be String, int, long, boolean, Duration, Path, LocalFile, Secret, Content, an enum
 * (kebab-case), a value type of one text, a nested record, Object (free data), Optional,
 * OptionalInt, List, Set or Map of these. One of type {@link Mapping} or {@link Position} is given
 * where the record was written; one of a type that is {@link Given} is given what {@link #giving}
 * named; one of type {@link Sections} takes the sections of areas ({@link #with}).
 *
 * <p>All components are required but Optional ones and booleans (false). A single value stands for
 * a list of one; a record of one component can be written as just that component. Everything that
 * is wrong is collected; a wrong part of a list, map or Optional is left out.
 */
public final class Binder {
  /** Linux's limit for a path; no other value is as long, and regular expressions recurse. */
  private static final int LONGEST = 4096;

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?[A-Za-z_]");

  private final Surroundings surroundings;
  private final Path directory;
  private final SecretReference secrets;
  private final Map<Class<?>, Given> given;
  private final List<SectionEntry> sections;
  private final Map<Class<?>, Map<String, String>> foreign;
  private final Map<Class<?>, List<String>> choices;

  /**
   * @param directory where relative paths start
   */
  public Binder(Surroundings surroundings, Path directory) {
    this(surroundings, directory, Optional.empty());
  }

  /**
   * @param distrust why somebody else could have written what is bound: no program that it names is
   *     run
   */
  public Binder(Surroundings surroundings, Path directory, Optional<Complaint> distrust) {
    this(
        surroundings,
        directory,
        new SecretReference(surroundings, directory, distrust),
        Map.of(),
        List.of(),
        Map.of(),
        Map.of());
  }

  private Binder(
      Surroundings surroundings,
      Path directory,
      SecretReference secrets,
      Map<Class<?>, Given> given,
      List<SectionEntry> sections,
      Map<Class<?>, Map<String, String>> foreign,
      Map<Class<?>, List<String>> choices) {
    this.surroundings = surroundings;
    this.directory = directory;
    this.secrets = secrets;
    this.given = given;
    this.sections = sections;
    this.foreign = foreign;
    this.choices = choices;
  }

  /** The same, which gives these to components of their types. */
  public Binder giving(Collection<Given> more) {
    var all = new HashMap<>(given);
    more.forEach(each -> all.put(each.getClass(), each));
    return new Binder(
        surroundings, directory, secrets, Map.copyOf(all), sections, foreign, choices);
  }

  /** The same, which binds these sections of areas where their places are. */
  public Binder with(List<SectionEntry> areas) {
    return new Binder(
        surroundings, directory, secrets, given, List.copyOf(areas), foreign, choices);
  }

  /**
   * The same, which says of words that are none of an enum's and are known all the same what there
   * is to know.
   *
   * @param words by the enum, a sentence for each word
   */
  public Binder explaining(Map<Class<?>, Map<String, String>> words) {
    return new Binder(
        surroundings, directory, secrets, given, sections, Map.copyOf(words), choices);
  }

  /** The same, which takes of a value type of one text only these words. */
  public Binder choosing(Class<?> type, List<String> words) {
    var all = new HashMap<>(choices);
    all.put(type, List.copyOf(words));
    return new Binder(surroundings, directory, secrets, given, sections, foreign, Map.copyOf(all));
  }

  /** The record, or empty where a part that it cannot do without is wrong. */
  public <T extends Record> Optional<T> bind(Class<T> type, Node node, Problems problems) {
    return new Pass(problems).record(type, node).map(type::cast);
  }

  /** One binding with its problems. */
  private final class Pass {
    private final Map<Class<?>, RecordShape> shapes = new HashMap<>();
    private final Problems problems;

    Pass(Problems problems) {
      this.problems = problems;
    }

    private RecordShape shape(Class<?> type) {
      return shapes.computeIfAbsent(type, it -> RecordShape.of(it, sections));
    }

    Optional<Object> record(Class<?> type, Node node) {
      var shape = shape(type);
      if (node instanceof Mapping mapping) {
        return fields(shape, mapping);
      }
      if (node.isNull()) {
        return fields(shape, Mapping.empty(node.position()));
      }
      if (shape.keys().size() == 1) {
        return only(shape, node);
      }
      wrong(node, "a mapping");
      return Optional.empty();
    }

    /** The record of which this is the only component. */
    private Optional<Object> only(RecordShape shape, Node node) {
      return value(shape.keys().getFirst().type(), node)
          .flatMap(value ->
              construct(shape, shape.given(value, node.position(), this::given), node.position()));
    }

    private Optional<Object> fields(RecordShape shape, Mapping mapping) {
      var guessed = unknown(shape, mapping);
      var components = shape.components();
      var values = new Object[components.size()];
      var whole = true;
      for (var i = 0; i < values.length; i++) {
        var component = components.get(i);
        if (RecordShape.isSource(component.getType())) {
          values[i] = mapping;
        } else if (component.getType() == Position.class) {
          values[i] = mapping.position();
        } else if (Given.is(component)) {
          values[i] = given(component);
        } else if (component.getType() == Sections.class) {
          values[i] = sections(shape, mapping);
        } else {
          var value = field(shape, component, mapping, guessed);
          if (value.isEmpty()) {
            whole = false;
          } else {
            values[i] = value.get();
          }
        }
      }
      return whole ? construct(shape, values, mapping.position()) : Optional.empty();
    }

    /** Those that are there and could be bound. */
    private Sections sections(RecordShape shape, Mapping mapping) {
      var bound = new ArrayList<Record>();
      for (var section : shape.sections()) {
        mapping
            .find(section.key())
            .flatMap(node -> section(section.type(), node))
            .ifPresent(it -> bound.add((Record) it));
      }
      return new Sections(bound);
    }

    private Optional<Object> section(Class<?> type, Node node) {
      return ValueSection.class.isAssignableFrom(type)
          ? only(shape(type), node)
          : record(type, node);
    }

    private Given given(RecordComponent component) {
      var value = given.get(component.getType());
      if (value == null) {
        throw new IllegalStateException("nothing was given for " + component);
      }
      return value;
    }

    /** Reports keys that are not known; returns those that were probably meant. */
    private Set<String> unknown(RecordShape shape, Mapping mapping) {
      var guessed = new LinkedHashSet<String>();
      if (shape.names().containsAll(mapping.entries().keySet())) {
        return guessed;
      }
      var free = new ArrayList<>(shape.names());
      free.removeAll(mapping.entries().keySet());
      mapping
          .entries()
          .forEach((key, entry) -> {
            if (shape.names().contains(key)) {
              return;
            }
            DidYouMean.nearest(key, free).ifPresent(guessed::add);
            var hint = DidYouMean.sentence(key, free);
            problems.add(
                entry.key().position(),
                "unknown key '%s'.%s".formatted(key, hint.isEmpty() ? known(shape) : hint));
          });
      return guessed;
    }

    private String known(RecordShape shape) {
      return shape.names().isEmpty()
          ? " nothing can be set here."
          : " known here: %s.".formatted(String.join(", ", shape.names()));
    }

    private Optional<?> field(
        RecordShape shape, RecordComponent component, Mapping mapping, Set<String> guessed) {
      var name = RecordShape.key(component);
      var entry = mapping.entries().get(name);
      if (entry != null && !entry.value().isNull()) {
        var value = value(component.getGenericType(), entry.value());
        return value.isPresent() ? value : ifWrong(component);
      }
      if (shape.isRequired(name) && !guessed.contains(name)) {
        problems.add(
            entry == null ? mapping.position() : entry.key().position(),
            entry == null
                ? "'%s' is missing.".formatted(name)
                : "'%s' has no value.".formatted(name));
      }
      return ifMissing(component);
    }

    /** What stands for a part that is wrong, so that the rest can be looked at all the same. */
    private Optional<?> ifWrong(RecordComponent component) {
      return component.getType() == Optional.class
          ? Optional.of(Optional.empty())
          : ifMissing(component);
    }

    private Optional<?> ifMissing(RecordComponent component) {
      var type = component.getType();
      if (type == Optional.class) {
        return Optional.of(Optional.empty());
      }
      if (type == OptionalInt.class) {
        return Optional.of(OptionalInt.empty());
      }
      return type == boolean.class ? Optional.of(false) : Optional.empty();
    }

    Optional<?> value(Type type, Node node) {
      if (type instanceof ParameterizedType generic) {
        return generic(generic, node);
      }
      var plain = (Class<?>) type;
      if (plain == Object.class) {
        return new Plain(secrets, problems).value(node);
      }
      if (Node.class.isAssignableFrom(plain)) {
        return Optional.of(node);
      }
      if (plain.isRecord() && !shape(plain).isValue()) {
        return record(plain, node);
      }
      if (node instanceof Scalar scalar && !node.isNull()) {
        return scalar(plain, scalar);
      }
      wrong(node, "a single value");
      return Optional.empty();
    }

    private Optional<?> generic(ParameterizedType type, Node node) {
      var arguments = type.getActualTypeArguments();
      var raw = (Class<?>) type.getRawType();
      if (raw == Optional.class) {
        return node.isNull()
            ? Optional.of(Optional.empty())
            : value(arguments[0], node).map(Optional::of);
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
      var values = new ArrayList<Object>();
      if (node instanceof Sequence(var items, var _)) {
        items.forEach(item -> value(type, item).ifPresent(values::add));
      } else if (!node.isNull()) {
        value(type, node).ifPresent(values::add);
      }
      return values;
    }

    private Optional<?> map(Type keys, Type type, Node node) {
      if (!(node instanceof Mapping mapping)) {
        wrong(node, "a mapping");
        return Optional.empty();
      }
      var values = new LinkedHashMap<Object, Object>();
      for (var entry : mapping.entries().values()) {
        var key = scalar((Class<?>) keys, entry.key());
        var value = value(type, entry.value());
        if (key.isPresent() && value.isPresent()) {
          values.put(key.get(), value.get());
        }
      }
      return Optional.of(Collections.unmodifiableMap(values));
    }

    private Optional<?> scalar(Class<?> type, Scalar scalar) {
      if (type == boolean.class || type == Boolean.class) {
        return Scalars.flag(scalar, problems);
      }
      if (type == Content.class) {
        return content(scalar);
      }
      if (type == Secret.class) {
        return secrets.read(scalar, problems);
      }
      if (type == SshKey.class && SecretReference.isIn(scalar.text())) {
        return secrets.read(scalar, problems).map(SshKey.Text::new);
      }
      if (type == int.class
          || type == Integer.class
          || type == OptionalInt.class
          || type == long.class) {
        return number(type, scalar);
      }
      if (type.isEnum() || choices.containsKey(type)) {
        return oneOf(type, words(type), scalar);
      }
      var text = Unquoted.class.isAssignableFrom(type) ? quoted(scalar) : scalar;
      return Scalars.text(text, problems).flatMap(read -> parsed(type, read, scalar));
    }

    private static Scalar quoted(Scalar scalar) {
      return new Scalar(scalar.text(), false, scalar.position());
    }

    private Optional<Content> content(Scalar scalar) {
      return SecretReference.isIn(scalar.text())
          ? secrets.read(scalar, problems).map(Content.Sensitive::new)
          : Scalars.text(scalar, problems).map(Content::of);
    }

    private Optional<?> number(Class<?> type, Scalar scalar) {
      if (type == long.class) {
        return Scalars.whole(scalar, Long.MIN_VALUE, Long.MAX_VALUE, problems);
      }
      var value = Scalars.whole(scalar, Integer.MIN_VALUE, Integer.MAX_VALUE, problems);
      return type == OptionalInt.class
          ? value.map(number -> OptionalInt.of(number.intValue()))
          : value.map(Long::intValue);
    }

    /** All values of a type that has only some, by the word for each. */
    private Map<String, Object> words(Class<?> type) {
      var words = new LinkedHashMap<String, Object>();
      choices.getOrDefault(type, List.of()).forEach(it -> words.put(it, shape(type).parse(it)));
      if (type.isEnum()) {
        for (var constant : type.getEnumConstants()) {
          words.put(RecordShape.name((Enum<?>) constant), constant);
        }
      }
      return words;
    }

    private Optional<?> oneOf(Class<?> type, Map<String, Object> words, Scalar scalar) {
      var value = words.get(scalar.text());
      if (value != null) {
        return Optional.of(value);
      }
      problems.add(
          scalar.position(),
          "'%s' is not one of %s.%s"
              .formatted(
                  scalar.text(),
                  String.join(", ", words.keySet()),
                  Optional.ofNullable(
                          foreign
                              .getOrDefault(type, Map.of())
                              .get(scalar.text().toLowerCase(Locale.ROOT)))
                      .map(" "::concat)
                      .orElseGet(() -> DidYouMean.sentence(scalar.text(), words.keySet()))));
      return Optional.empty();
    }

    private Optional<?> parsed(Class<?> type, String text, Scalar scalar) {
      if (type != String.class && text.length() > LONGEST) {
        problems.add(scalar.position(), "is longer than %d characters.".formatted(LONGEST));
        return Optional.empty();
      }
      try {
        if (type == String.class) {
          return Optional.of(text);
        }
        if (type == Duration.class) {
          return Optional.of(Scalars.duration(text));
        }
        if (type == SshKey.class) {
          return Optional.of(new SshKey.File(surroundings.path(text, directory)));
        }
        if (type == LocalFile.class) {
          return Optional.of(new LocalFile(surroundings.path(text, directory)));
        }
        return type == Path.class
            ? Optional.of(surroundings.path(text, directory))
            : Optional.of(shape(type).parse(text));
      } catch (IllegalArgumentException e) {
        problems.add(scalar.position(), reason(e, text));
        return Optional.empty();
      }
    }

    private static String hint(String text) {
      if (SecretReference.isIn(text)) {
        return " references are for secrets only.";
      }
      return VARIABLE.matcher(text).find() ? " variables are not replaced here." : "";
    }

    private String reason(IllegalArgumentException e, String text) {
      var hint = hint(text);
      var message = String.valueOf(e.getMessage());
      return (message.endsWith(".") ? message : message + ".") + hint;
    }

    private Optional<Object> construct(RecordShape shape, Object[] values, Position at) {
      try {
        return Optional.of(shape.construct(values));
      } catch (IllegalArgumentException e) {
        problems.add(at, reason(e, ""));
        return Optional.empty();
      }
    }

    private void wrong(Node node, String expected) {
      problems.add(
          node.position(), "%s is expected here, not %s.".formatted(expected, node.kind()));
    }
  }
}

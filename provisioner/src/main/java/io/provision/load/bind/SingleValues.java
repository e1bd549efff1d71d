package io.provision.load.bind;

import io.provision.load.yaml.Problems;
import io.provision.model.Content;
import io.provision.model.LocalFile;
import io.provision.model.Secret;
import io.provision.model.SshKey;
import io.provision.section.DidYouMean;
import io.provision.section.Node.Scalar;
import io.provision.section.SecretWords;
import io.provision.section.Unquoted;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/** Values that are written as one text: words, numbers, paths, secrets, and what parses itself. */
final class SingleValues {
  /** Linux's limit for a path; no other value is as long, and regular expressions recurse. */
  private static final int LONGEST = 4096;

  private static final Pattern VARIABLE = Pattern.compile("\\$\\{?[A-Za-z_]");

  private final Surroundings surroundings;
  private final Path directory;
  private final SecretReference secrets;
  private final Vocabulary vocabulary;
  private final Shapes shapes;
  private final Problems problems;

  /**
   * @param directory where relative paths start
   */
  SingleValues(
      Surroundings surroundings,
      Path directory,
      SecretReference secrets,
      Vocabulary vocabulary,
      Shapes shapes,
      Problems problems) {
    this.surroundings = surroundings;
    this.directory = directory;
    this.secrets = secrets;
    this.vocabulary = vocabulary;
    this.shapes = shapes;
    this.problems = problems;
  }

  /** The value, or empty with a problem. */
  Optional<?> of(Class<?> type, Scalar scalar) {
    if (type == boolean.class || type == Boolean.class) {
      return Scalars.flag(scalar, problems);
    }
    if (type == Content.class) {
      return content(scalar);
    }
    if (type == Secret.class) {
      return secrets.read(scalar, problems);
    }
    if (type == SshKey.class && SecretWords.isReference(scalar.text())) {
      return secrets.read(scalar, problems).map(SshKey.Text::new);
    }
    if (type == int.class
        || type == Integer.class
        || type == OptionalInt.class
        || type == long.class) {
      return number(type, scalar);
    }
    if (type.isEnum() || vocabulary.choices().containsKey(type)) {
      return oneOf(type, words(type), scalar);
    }
    var text = Unquoted.class.isAssignableFrom(type) ? quoted(scalar) : scalar;
    return Scalars.text(text, problems).flatMap(read -> parsed(type, read, scalar));
  }

  private static Scalar quoted(Scalar scalar) {
    return new Scalar(scalar.text(), false, scalar.position());
  }

  private Optional<Content> content(Scalar scalar) {
    return SecretWords.isReference(scalar.text())
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
    vocabulary
        .choices()
        .getOrDefault(type, List.of())
        .forEach(it -> words.put(it, shapes.of(type).parse(it)));
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
                        vocabulary
                            .foreign()
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
          : Optional.of(shapes.of(type).parse(text));
    } catch (IllegalArgumentException e) {
      problems.add(scalar.position(), sentence(e) + hint(text));
      return Optional.empty();
    }
  }

  private static String hint(String text) {
    if (SecretWords.isReference(text)) {
      return " references are for secrets only.";
    }
    return VARIABLE.matcher(text).find() ? " variables are not replaced here." : "";
  }

  /** What a type says against a value. */
  static String sentence(IllegalArgumentException e) {
    var message = String.valueOf(e.getMessage());
    return message.endsWith(".") ? message : message + ".";
  }
}

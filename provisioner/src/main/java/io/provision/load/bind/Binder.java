package io.provision.load.bind;

import io.provision.files.Custody.Complaint;
import io.provision.load.yaml.Problems;
import io.provision.model.Position;
import io.provision.model.Sections;
import io.provision.section.Node;
import io.provision.section.Node.Mapping;
import io.provision.section.Node.Scalar;
import io.provision.section.SectionEntry;
import io.provision.step.Given;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
  private final Surroundings surroundings;
  private final Path directory;
  private final SecretReference secrets;
  private final Vocabulary vocabulary;

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
        Vocabulary.NONE);
  }

  private Binder(
      Surroundings surroundings, Path directory, SecretReference secrets, Vocabulary vocabulary) {
    this.surroundings = surroundings;
    this.directory = directory;
    this.secrets = secrets;
    this.vocabulary = vocabulary;
  }

  private Binder knowing(Vocabulary other) {
    return new Binder(surroundings, directory, secrets, other);
  }

  /** The same, which gives these to components of their types. */
  public Binder giving(Collection<Given> more) {
    return knowing(vocabulary.giving(more));
  }

  /** The same, which binds these sections of areas where their places are. */
  public Binder with(List<SectionEntry> areas) {
    return knowing(vocabulary.with(areas));
  }

  /**
   * The same, which says of words that are none of an enum's and are known all the same what there
   * is to know.
   *
   * @param words by the enum, a sentence for each word
   */
  public Binder explaining(Map<Class<?>, Map<String, String>> words) {
    return knowing(vocabulary.explaining(words));
  }

  /** The same, which takes of a value type of one text only these words. */
  public Binder choosing(Class<?> type, List<String> words) {
    return knowing(vocabulary.choosing(type, words));
  }

  /** The record, or empty where a part that it cannot do without is wrong. */
  public <T extends Record> Optional<T> bind(Class<T> type, Node node, Problems problems) {
    return new Pass(problems).records.of(type, node).map(type::cast);
  }

  /** One binding with its problems: each node goes to those who bind values of its type. */
  private final class Pass {
    private final Problems problems;
    private final Shapes shapes = new Shapes(vocabulary.sections());
    private final SingleValues single;
    private final CollectionValues collections;
    private final RecordValues records;

    Pass(Problems problems) {
      this.problems = problems;
      this.single =
          new SingleValues(surroundings, directory, secrets, vocabulary, shapes, problems);
      this.collections = new CollectionValues(this::value, single, problems);
      this.records = new RecordValues(this::value, vocabulary.given(), shapes, problems);
    }

    private Optional<?> value(Type type, Node node) {
      if (type instanceof ParameterizedType generic) {
        return collections.of(generic, node);
      }
      var plain = (Class<?>) type;
      if (plain == Object.class) {
        return new Plain(secrets, problems).value(node);
      }
      if (Node.class.isAssignableFrom(plain)) {
        return Optional.of(node);
      }
      if (plain.isRecord() && !shapes.of(plain).isValue()) {
        return records.of(plain, node);
      }
      if (node instanceof Scalar scalar && !node.isNull()) {
        return single.of(plain, scalar);
      }
      problems.add(
          node.position(), "a single value is expected here, not %s.".formatted(node.kind()));
      return Optional.empty();
    }
  }
}

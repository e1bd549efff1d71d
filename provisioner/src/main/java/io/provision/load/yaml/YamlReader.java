package io.provision.load.yaml;

import io.provision.section.Node;
import java.util.Optional;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * One file of YAML to a tree of nodes, in memory and time that do not depend on how cleverly it was
 * written. Reads SnakeYAML's events rather than Jackson's tokens, for those hide whether a scalar
 * was quoted, and where a document ends.
 */
public final class YamlReader {
  /** More than any inventory or playbook is. */
  public static final int MOST_BYTES = 16 << 20;

  private YamlReader() {}

  /** Empty where nothing can be made of the text; the problems say why. */
  public static Optional<Node> read(String name, byte[] bytes, Problems problems) {
    if (bytes.length > MOST_BYTES) {
      problems.add(
          Positions.start(name), "is larger than 16 MiB, which no inventory or playbook is.");
      return Optional.empty();
    }
    return SourceText.decode(name, bytes, problems).flatMap(text -> parse(name, text, problems));
  }

  /** A list in brackets inside a string, as in <code>${cmd:[program, argument]}</code>. */
  public static Optional<Node> parse(String name, String text, Problems problems) {
    var limits = new LoaderOptions();
    limits.setCodePointLimit(MOST_BYTES);
    try {
      var events = new ParserImpl(new StreamReader(text), limits);
      return new Composer(name, events, problems).document();
    } catch (TooMuch e) {
      problems.add(e.at, e.reason);
    } catch (MarkedYAMLException e) {
      problems.add(Positions.position(name, e.getProblemMark()), reason(e));
    } catch (YAMLException e) {
      problems.add(Positions.start(name), "is not valid YAML (%s).".formatted(e.getMessage()));
    }
    return Optional.empty();
  }

  private static String reason(MarkedYAMLException e) {
    var problem = String.valueOf(e.getProblem());
    if (problem.contains("TAB")) {
      return "a tab is used for indentation, which YAML forbids. use spaces.";
    }
    var context = e.getContext() == null ? "" : e.getContext() + ", ";
    return "is not valid YAML: %s%s.".formatted(context, problem);
  }
}

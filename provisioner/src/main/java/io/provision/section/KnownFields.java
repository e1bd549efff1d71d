package io.provision.section;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * The names that a program's own configuration has, with their types, by minor version of
 * Kubernetes: a data file beside the class that reads it, whose head says where it is from.
 */
public final class KnownFields {
  private final Map<String, List<Field>> byPath;

  /** What may be written in a place; {@code WHO} are words of the list of options of k3s. */
  public enum Kind {
    OBJECT,
    MAP,
    LIST,
    BOOL,
    INT,
    NUMBER,
    STRING,
    DURATION,
    QUANTITY,
    ANY,
    NODE,
    SERVER,
    AGENT
  }

  /**
   * One name.
   *
   * @param from the first minor version that has it; 0 where all that are listed do
   * @param to the last one; MAX_VALUE where the newest that is listed has it
   */
  public record Field(String path, Kind kind, int from, int to) {
    boolean isIn(int minor) {
      return from <= minor && minor <= to;
    }
  }

  private KnownFields(Map<String, List<Field>> byPath) {
    this.byPath = byPath;
  }

  /**
   * The fields in a data file.
   *
   * @param beside the class beside which it lies
   * @param name without its ending, such as {@code options}
   */
  public static KnownFields of(Class<?> beside, String name) {
    var byPath = new TreeMap<String, List<Field>>();
    try (var stream = beside.getResourceAsStream(name + ".txt");
        var reader =
            new BufferedReader(
                new InputStreamReader(
                    java.util.Objects.requireNonNull(stream), StandardCharsets.UTF_8))) {
      for (var line = reader.readLine(); line != null; line = reader.readLine()) {
        if (!line.startsWith("#")) {
          var field = field(line);
          byPath.computeIfAbsent(field.path(), _ -> new ArrayList<>()).add(field);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException(name + ".txt is part of the program", e);
    }
    return new KnownFields(byPath);
  }

  private static Field field(String line) {
    var words = line.split(" ");
    var versions = words[2].split("-", -1);
    return new Field(
        words[0],
        Kind.valueOf(words[1].toUpperCase(Locale.ROOT)),
        versions[0].isEmpty() ? 0 : Integer.parseInt(versions[0]),
        versions[1].isEmpty() ? Integer.MAX_VALUE : Integer.parseInt(versions[1]));
  }

  /** The field with this path in this version; a key of a map is the map's {@code *}. */
  public Optional<Field> find(String path, int minor) {
    return byPath.getOrDefault(path, List.of()).stream().filter(it -> it.isIn(minor)).findFirst();
  }

  /** A field with this path in any version. */
  public Optional<Field> inAnyVersion(String path) {
    return byPath.getOrDefault(path, List.of()).stream().findFirst();
  }

  /** The names that can stand below this path, which may be empty, in this version. */
  public List<String> below(String path, int minor) {
    var prefix = path.isEmpty() ? "" : path + ".";
    return byPath.values().stream()
        .flatMap(List::stream)
        .filter(it -> it.isIn(minor) && it.path().startsWith(prefix))
        .map(it -> it.path().substring(prefix.length()))
        .filter(name -> !name.isEmpty() && !name.equals("*") && name.indexOf('.') < 0)
        .toList();
  }
}

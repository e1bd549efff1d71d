package io.provision.steps.k3s;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitAccessTarget;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.load.inventory.InventorySchema;
import io.provision.model.Content;
import io.provision.model.NodeAddress;
import io.provision.resource.ManagedFile;
import io.provision.step.Target;
import io.provision.steps.Catalog;
import io.provision.steps.kubernetes.AgentServerUrl;
import io.provision.steps.kubernetes.Nodes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every key that an inventory can have, and every word of its enums, ends up somewhere; {@code
 * every-key.txt} says where, and this looks there. A new key without a line fails.
 */
class EveryKeyTest {
  private static final Path RESOURCES = Path.of("src/test/resources");
  private static final String PACKAGE = "io.provision";
  private static final ImportOption MAIN = new ImportOption.DoNotIncludeTests();

  @Test
  void everyKeyAndEveryWordSaysWhereItEndsUp() {
    var keys = new TreeSet<String>();
    new Walk(InventorySchema.document(Catalog.areas()), keys)
        .below("", InventorySchema.document(Catalog.areas()));
    assertThat(keys).hasSizeGreaterThan(80);
    assertThat(lines().keySet()).isEqualTo(keys);
  }

  static Stream<Map.Entry<String, String>> ends() {
    return lines().entrySet().stream();
  }

  @ParameterizedTest
  @MethodSource("ends")
  void whatAKeySaysIsThere(Map.Entry<String, String> end) {
    var words = end.getValue().split(" ", 3);
    switch (words[0]) {
      case "file" -> assertThat(FILES.get(words[1])).as("%s", end).contains(words[2]);
      case "read" -> assertThat(READERS.get(words[2])).as("%s", end).contains(words[1]);
      case "refused" ->
          assertThat(expectations())
              .as("%s", end)
              .anyMatch(line -> line.contains(end.getValue().substring("refused ".length())));
      default -> throw new AssertionError(end.toString());
    }
  }

  private static Map<String, String> lines() {
    var lines = new TreeMap<String, String>();
    for (var line : text("every-key.txt").split("\n")) {
      if (!line.startsWith("#")) {
        var space = line.indexOf(' ');
        lines.put(line.substring(0, space), line.substring(space + 1));
      }
    }
    return lines;
  }

  private static String text(String name) {
    try {
      return new String(Files.readAllBytes(RESOURCES.resolve(name)), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What is refused, as {@code BrokenInventoriesTest} holds it. */
  private static List<String> expectations() {
    try (var files = Files.list(RESOURCES.resolve("broken"))) {
      return files
          .flatMap(file -> text("broken/" + file.getFileName()).lines())
          .filter(line -> line.startsWith("# expect"))
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The keys of a schema, by the places where they stand. */
  private record Walk(Map<String, Object> root, TreeSet<String> keys) {
    @SuppressWarnings("unchecked") // a JSON object has texts for keys
    private static Map<String, Object> object(Object value) {
      return (Map<String, Object>) value;
    }

    private Map<String, Object> resolved(Map<String, Object> schema) {
      var name = schema.get("$ref");
      if (name == null) {
        return schema;
      }
      var both =
          new HashMap<>(
              object(
                  object(root.get("$defs")).get(name.toString().substring("#/$defs/".length()))));
      both.putAll(schema);
      both.remove("$ref");
      return resolved(both);
    }

    void below(String path, Map<String, Object> given) {
      var schema = resolved(given);
      if (schema.containsKey("not") || path.equals("hosts.*.ssh")) {
        var _ = path.equals("hosts.*.ssh") || keys.add(path); // a host's ssh is what ssh is
      } else if (schema.get("anyOf") instanceof List<?> ways) {
        below(path, object(ways.getFirst()));
      } else if (schema.get("enum") instanceof List<?> words) {
        words.stream().filter(Objects::nonNull).forEach(word -> keys.add(path + "=" + word));
      } else if (schema.get("properties") instanceof Map<?, ?> properties) {
        properties.forEach((key, value) ->
            below(path.isEmpty() ? key.toString() : path + "." + key, object(value)));
      } else if (schema.get("additionalProperties") instanceof Map<?, ?> each
          && each.toString().contains("$ref")) {
        below(path + ".*", object(each));
      } else {
        keys.add(path);
      }
    }
  }

  /** Simple names of the classes that ask for a part of the model, by its accessor. */
  private static final Map<String, Set<String>> READERS = readers();

  private static Map<String, Set<String>> readers() {
    var readers = new HashMap<String, Set<String>>();
    for (var type : new ClassFileImporter().withImportOption(MAIN).importPackages(PACKAGE)) {
      var reader = type.getName().replaceFirst("^.*\\.", "").replaceFirst("\\$.*", "");
      targets(type)
          .filter(target -> !target.getOwner().equals(type)) // a record's own text reads all of it
          .map(target -> target.getOwner().getSimpleName() + "." + target.getName())
          .forEach(accessor -> readers.computeIfAbsent(accessor, _ -> new TreeSet<>()).add(reader));
    }
    return readers;
  }

  private static Stream<CodeUnitAccessTarget> targets(JavaClass type) {
    return Stream.concat(
        type.getMethodCallsFromSelf().stream().map(call -> (CodeUnitAccessTarget) call.getTarget()),
        type.getMethodReferencesFromSelf().stream()
            .map(reference -> (CodeUnitAccessTarget) reference.getTarget()));
  }

  private static final Map<String, String> FILES = files();

  /** What k3s reads on the hosts of {@code every-key.yml}. */
  private static Map<String, String> files() {
    var file = RESOURCES.resolve("every-key.yml");
    var inventory =
        new InventoryLoader(new Surroundings(Map.of(), Path.of("/home/someone")), Catalog.areas())
            .load(file, text("every-key.yml").getBytes(StandardCharsets.UTF_8))
            .inventory();
    var files = new HashMap<String, String>();
    for (var host : inventory.hosts()) {
      var target = new Target.OnHost(host, inventory);
      var facts =
          new ConfigFile.Facts(
              NodeAddress.parse(host.address().value()),
              Optional.of("eth7"),
              Nodes.isServer(host)
                  ? new ConfigFile.Join.Begin()
                  : new ConfigFile.Join.Through(
                      AgentServerUrl.url(target, K3sCases.settled(), Optional.empty())
                          .orElseThrow()));
      files.put(host + ":config.yaml", plain(ConfigFile.content(target, facts)));
      for (ManagedFile each : ProgramSettings.of(target).files()) {
        files.put(host + each.path().replaceFirst("^.*/", ":"), plain(each.content()));
      }
    }
    return files;
  }

  private static String plain(Content content) {
    return ((Content.Plain) content).text();
  }
}

package io.provision.load.inventory;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.load.bind.Binder;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.Documents.InventoryDocument;
import io.provision.load.playbook.PlaybookLoader;
import io.provision.load.yaml.InputProblem;
import io.provision.load.yaml.Problems;
import io.provision.load.yaml.YamlReader;
import io.provision.steps.Catalog;
import java.lang.reflect.RecordComponent;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing can be done in no time: every duration that is declared is more than zero. */
class DurationsTest {
  private static final String REFUSAL = "is not a time in which anything can be done";

  private final Surroundings surroundings = new Surroundings(Map.of(), Path.of("/home/someone"));
  private final Binder binder =
      InventoryLoader.binder(new Binder(surroundings, Path.of("/nowhere")), Catalog.areas());

  @ParameterizedTest
  @ValueSource(strings = {"0s", "0ms", "000m", "0h", "0d"})
  void everyKeyOfTheInventoryRefusesNone(String none) {
    var keys =
        new InventoryKeys(Catalog.areas())
            .all().stream().filter(key -> key.type().startsWith("duration")).toList();
    assertThat(keys).hasSizeGreaterThanOrEqualTo(2); // ssh.timeout of all and of a host
    for (var key : keys) {
      var yaml = key.example().replaceAll("\\b\\d+(ms|s|m|h|d)\\b", none);
      assertThat(said(yaml))
          .as(yaml)
          .anyMatch(it -> it.matches("i.yml:\\d+:\\d+: '" + none + "' " + REFUSAL + ".*"));
      assertThat(said(key.example())).as(key.example()).noneMatch(it -> it.contains(REFUSAL));
    }
  }

  private List<String> said(String yaml) {
    var problems = new Problems();
    YamlReader.read("i.yml", yaml.getBytes(StandardCharsets.UTF_8), problems)
        .ifPresent(root -> binder.bind(InventoryDocument.class, root, problems));
    return problems.errors().stream().map(InputProblem::toString).toList();
  }

  @Test
  void everyParameterOfAStepRefusesNone() {
    var found = new ArrayList<String>();
    Catalog.types()
        .forEach((name, type) ->
            Arrays.stream(type.getRecordComponents())
                .filter(DurationsTest::isDuration)
                .map(component ->
                    component
                        .getName()
                        .replaceAll("([A-Z])", "_$1")
                        .toLowerCase(java.util.Locale.ROOT))
                .forEach(key -> {
                  found.add(name + "." + key);
                  var problems = new Problems();
                  var loader = new PlaybookLoader(Catalog.types(), binder.giving(Catalog.given()));
                  var yaml = "- hosts: all\n  steps:\n    - %s: { %s: 0s }\n".formatted(name, key);
                  loader.load("p.yml", yaml.getBytes(StandardCharsets.UTF_8), problems).stream()
                      .flatMap(play -> play.steps().stream())
                      .forEach(step -> loader.bind(step, problems));
                  assertThat(problems.errors())
                      .as(yaml)
                      .anySatisfy(
                          it -> assertThat(it.toString()).startsWith("p.yml:3:").contains(REFUSAL));
                }));
    assertThat(found).contains("command.deadline");
  }

  private static boolean isDuration(RecordComponent component) {
    return component.getGenericType().getTypeName().contains(Duration.class.getName());
  }
}

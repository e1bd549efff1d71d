package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.cli.command.CatalogHelp;
import io.provision.cli.command.StepHelp;
import io.provision.console.Streams;
import io.provision.load.bind.Binder;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryKeys;
import io.provision.load.playbook.PlaybookLoader;
import io.provision.load.yaml.Problems;
import io.provision.steps.Catalog;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What explain says is true: the loader takes every example, and everything fits a terminal. */
class ExplainTest {
  @TempDir private Path directory;

  @Test
  void theLoaderTakesTheExampleOfEveryStepAndOfEveryParameter() throws IOException {
    write("files/demo.conf", "x");
    write("files/demo/one", "x");
    write("templates/demo.conf.ftl", "x");
    write("manifests/demo.yml", "apiVersion: v1\nkind: Namespace\nmetadata: { name: demo }\n");
    for (var step : CatalogHelp.all()) {
      assertThat(problems(step.example())).as(step.example()).isEmpty();
      for (var each : step.parameters()) {
        assertThat(each.type()).doesNotContainPattern("[<>]|(?i)optional|string|object");
        assertThat(each.meaning()).endsWith(".");
        assertThat(each.example()).isNotBlank();
        assertThat(variants(step, each)).as(each.toString()).anyMatch(it -> problems(it).isEmpty());
      }
    }
  }

  @Test
  void everyLineFitsTheTerminal() {
    var names = new ArrayList<String>();
    CatalogHelp.all().forEach(step -> names.add(step.name()));
    new InventoryKeys(Catalog.areas()).all().forEach(key -> names.add(key.path()));
    assertThat(names).hasSizeGreaterThan(100);
    for (var name : names) {
      for (var columns : List.of(40, 80)) {
        assertThat(typed(columns, "explain", name).lines())
            .as(name)
            .isNotEmpty()
            .allMatch(line -> line.length() <= columns);
      }
    }
  }

  /** With what the step cannot do without, with its usual example, or alone. */
  private static List<String> variants(StepHelp step, StepHelp.Parameter each) {
    var needed = new StringBuilder();
    step.parameters().stream()
        .filter(it -> it.required() && !it.equals(each))
        .forEach(it -> needed.append("%s: %s, ".formatted(it.name(), it.example())));
    var own = "%s: %s".formatted(each.name(), each.example());
    return List.of(
        "- %s: { %s%s }".formatted(step.name(), needed, own),
        step.example()
            .replaceFirst(" }$", ", " + own.replace("\\", "\\\\").replace("$", "\\$") + " }"),
        step.example());
  }

  private List<?> problems(String step) {
    var problems = new Problems();
    var binder = new Binder(new Surroundings(Map.of(), directory), directory);
    var loader = new PlaybookLoader(Catalog.types(), binder.giving(Catalog.given()));
    var text = "- hosts: all\n  steps:\n    " + step + "\n";
    loader.bindAll(loader.load("p.yml", text.getBytes(StandardCharsets.UTF_8), problems), problems);
    return problems.errors();
  }

  private void write(String name, String text) throws IOException {
    var file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  private static String typed(int columns, String... line) {
    var said = new ByteArrayOutputStream();
    var cli =
        new Cli(
            new Invocation(
                Streams.of(said, said, true),
                Map.of("COLUMNS", Integer.toString(columns)),
                Clock.systemUTC(),
                Wiring::program,
                "test",
                true));
    assertThat(cli.run(line)).isZero();
    return said.toString(StandardCharsets.UTF_8);
  }
}

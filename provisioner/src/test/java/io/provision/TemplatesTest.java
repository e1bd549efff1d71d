package io.provision;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What is in a file on a host stands in one place: its template. */
class TemplatesTest {
  private static final Path SOURCES = Path.of("src/main/java/io/provision");
  private static final Path TEMPLATES = Path.of("../templates");

  /** Who makes content without one, since all of it is the operator's, or is rendered already. */
  private static final Set<String> WITHOUT =
      Set.of(
          "FileStep.java", // what the playbook says
          "FilesStep.java",
          "TemplateStep.java", // a file of the operator's
          "Hostname.java", // the name and nothing else
          "Timezone.java", // likewise
          "SystemLocale.java", // what is there, but for one line
          "K3sRegistries.java", // holds secrets, which a template would ask for at every look
          "MountUnits.java"); // rendered where the unit is described

  private static Set<Path> below(Path directory) throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return all.filter(Files::isRegularFile).collect(Collectors.toCollection(TreeSet::new));
    }
  }

  @Test
  void noStepAndNoResourceWritesTheTextOfAFileInJava() throws IOException {
    var found = new TreeSet<String>();
    for (var room : Set.of("steps", "resource")) {
      for (var file : below(SOURCES.resolve(room))) {
        if (Files.readString(file).matches("(?s).*\\b(Yaml)?Content\\.of\\(.*")) {
          found.add(String.valueOf(file.getFileName()));
        }
      }
    }
    assertThat(found).isEqualTo(new TreeSet<>(WITHOUT));
  }

  @Test
  void everyTemplateThatShipsIsUsedByName() throws IOException {
    var program = new StringBuilder();
    for (var file : below(SOURCES)) {
      program.append(Files.readString(file));
    }
    var templates = below(TEMPLATES);
    assertThat(templates).hasSizeGreaterThan(15);
    for (var template : templates) {
      assertThat(program).contains("\"" + TEMPLATES.relativize(template) + "\"");
    }
  }
}

package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.cli.run.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The README says what the program does. */
class ReadmeTest {
  private static List<String> rows() throws IOException {
    return Files.readAllLines(Path.of("..", "README.md")).stream()
        .filter(line -> line.startsWith("|"))
        .map(line -> line.replace("`", ""))
        .toList();
  }

  @Test
  void itsTableOfExitCodesIsTheEnum() throws IOException {
    var codes = rows().stream().filter(row -> row.matches("\\| \\d+ \\|.*")).toList();

    assertThat(codes).hasSameSizeAs(ExitCode.values());
    for (var code : ExitCode.values()) {
      assertThat(codes)
          .anyMatch(row -> row.startsWith("| %d | %s".formatted(code.code(), code.meaning())));
    }
  }

  @Test
  void itNamesEveryCommand() throws IOException {
    for (var verb : Verb.values()) {
      if (verb != Verb.VERSION) {
        assertThat(rows()).anyMatch(row -> row.contains(verb.key()));
      }
    }
  }
}

package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The cases of {@code shell/*.txt}, each in every shell; the time limit only ends a hanging one.
 */
@Timeout(value = 400, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class ShellCasesTest {
  @TempDir Path directory;

  static List<ShellCase> cases() throws IOException {
    var all = new ArrayList<ShellCase>();
    try (var files = Files.list(Path.of("src/test/resources/shell"))) {
      for (var file : files.sorted().toList()) {
        all.addAll(ShellCase.read(file));
      }
    }
    return all;
  }

  @Test
  void thereAreCases() throws IOException {
    assertThat(cases()).hasSizeGreaterThan(100);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("cases")
  void itDoesWhatItsCaseSays(ShellCase one) throws Exception {
    for (var shell : Shells.andUutils()) {
      var root =
          Files.createDirectories(directory.resolve(Path.of(shell.getFirst()).getFileName()));
      one.run(root, shell);
    }
  }
}

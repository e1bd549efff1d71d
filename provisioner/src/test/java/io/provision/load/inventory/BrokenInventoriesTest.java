package io.provision.load.inventory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.load.bind.Surroundings;
import io.provision.load.yaml.InputRefused;
import io.provision.steps.Catalog;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each file of broken/ says in its first comments which lines are wrong, and what is said of them:
 * {@code # expect LINE: fragment}.
 */
class BrokenInventoriesTest {
  private static final Path BROKEN = Path.of("src/test/resources/broken");
  private static final Pattern EXPECT = Pattern.compile("# expect (\\d+): (.*)");
  private final InventoryLoader loader =
      new InventoryLoader(new Surroundings(Map.of(), Path.of("/home/someone")), Catalog.areas());

  private record Expected(int line, String fragment) {}

  static List<Path> broken() throws IOException {
    try (var files = Files.list(BROKEN)) {
      return files.sorted().toList();
    }
  }

  @Test
  void thereAreManyOfThem() throws IOException {
    assertThat(broken()).hasSizeGreaterThanOrEqualTo(40);
  }

  @ParameterizedTest
  @MethodSource("broken")
  void everyProblemIsSaidWithItsLine(Path file) throws IOException {
    var expected = expected(file).toList();
    var refused = catchThrowableOfType(InputRefused.class, () -> loader.load(file));
    assertThat(expected).isNotEmpty();
    assertThat(refused).as("loads: " + file).isNotNull();
    for (var one : expected) {
      assertThat(refused.problems())
          .anySatisfy(problem -> {
            assertThat(problem.at().line()).isEqualTo(one.line());
            assertThat(problem.reason()).contains(one.fragment());
          });
    }
  }

  @ParameterizedTest
  @MethodSource("broken")
  void nothingElseIsSaid(Path file) throws IOException {
    var lines = expected(file).map(Expected::line).toList();
    var refused = catchThrowableOfType(InputRefused.class, () -> loader.load(file));
    assertThat(refused.problems())
        .allSatisfy(problem -> assertThat(lines).contains(problem.at().line()));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void noProblemCarriesWhatATerminalWouldActOn(Path file) {
    var refused = catchThrowableOfType(InputRefused.class, () -> loader.load(file));
    assertThat(refused.problems())
        .allSatisfy(
            problem -> assertThat(problem.toString()).doesNotContainPattern("[\\p{Cc}\\p{Cf}]"))
        .allSatisfy(problem -> assertThat(problem.toString()).startsWith(file + ":"));
  }

  private static Stream<Expected> expected(Path file) throws IOException {
    return Files.readString(file, StandardCharsets.ISO_8859_1)
        .lines()
        .map(EXPECT::matcher)
        .takeWhile(matcher -> matcher.matches())
        .map(matcher -> new Expected(Integer.parseInt(matcher.group(1)), matcher.group(2)));
  }
}

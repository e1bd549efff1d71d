package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is loaded by commands that should answer at once. Counts classes, not milliseconds. */
class StartupTest {
  private static final List<String> HEAVY =
      List.of(
          "org.apache.sshd",
          "com.jcraft",
          "org.yaml",
          "com.fasterxml",
          "freemarker",
          "io.fabric8",
          "org.jline",
          "com.github.difflib",
          "io.provision.load",
          "io.provision.mina",
          "io.provision.jsch",
          "io.provision.ssh",
          "io.provision.kube",
          "io.provision.steps");

  @ParameterizedTest
  @ValueSource(strings = {"--help", "help", "--version", "-V", "aply"})
  void answersWithoutSshYamlOrTemplates(String argument) throws Exception {
    assertThat(loaded(argument)).isNotEmpty().filteredOn(StartupTest::isHeavy).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"--help", "help", "--version", "-V"})
  void theFirstHelpAndTheVersionNeedNoParserEither(String argument) throws Exception {
    assertThat(loaded(argument)).filteredOn(name -> name.startsWith("picocli")).isEmpty();
  }

  /** The control: classes that are loaded are seen. */
  @Test
  void jsonOutputLoadsJackson() throws Exception {
    assertThat(loaded("version", "--output", "json")).anyMatch(StartupTest::isHeavy);
  }

  /** Else each start would look through the whole class path for somebody who logs. */
  @Test
  void whoLogsIsFoundAtOnceAndSaysNothing() throws Exception {
    assertThat(loaded("steps")).contains("io.provision.cli.NoLog");
    var log = System.getLogger("some.library");
    assertThat(log.isLoggable(System.Logger.Level.ERROR)).isFalse();
    assertThat(log.getName()).isEqualTo("some.library");
  }

  private static boolean isHeavy(String name) {
    return HEAVY.stream().anyMatch(name::startsWith)
        && !name.startsWith("io.provision.section.DidYouMean");
  }

  private static List<String> loaded(String... arguments) throws IOException, InterruptedException {
    var command =
        new ArrayList<>(
            List.of(
                ProcessHandle.current().info().command().orElseThrow(),
                "-XX:TieredStopAtLevel=1",
                "-Xlog:class+load:stdout",
                "-cp",
                System.getProperty("java.class.path"),
                "io.provision.cli.Main"));
    command.addAll(List.of(arguments));
    var process = new ProcessBuilder(command).redirectErrorStream(true).start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output
        .lines()
        .filter(line -> line.contains(" source: "))
        .map(line -> line.replaceFirst("^(\\[[^]]*\\])+ *", "").split(" ")[0])
        .toList();
  }
}

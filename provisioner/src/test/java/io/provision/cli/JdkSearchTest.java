package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.FunctionsRun;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** How the launcher finds a JDK: by the files of those that are installed. */
class JdkSearchTest {
  @TempDir private Path home;

  @ParameterizedTest
  @CsvSource({
    "JAVA_VERSION=\"25.0.1\",                                    yes",
    "JAVA_RUNTIME_VERSION=\"25.0.1+8-LTS\",                      yes",
    "JAVA_VERSION=\"26\",                                        yes",
    "JAVA_VERSION=\"26-ea\",                                     yes",
    "JAVA_VERSION=\"17.0.12\",                                   no",
    "JAVA_VERSION=\"1.8.0_422\",                                 no",
    "IMPLEMENTOR=\"somebody\",                                   no",
  })
  void aJdkIsToldByItsReleaseFile(String release, String fits) throws Exception {
    var jdk = jdk("a jdk", release);
    assertThat(shell("jdk_fits '" + jdk + "' && echo yes || echo no")).isEqualTo(fits);
  }

  @Test
  void aRuntimeWithoutACompilerDoesNotDo() throws Exception {
    var jdk = jdk("jre", "JAVA_VERSION=\"25\"");
    Files.delete(jdk.resolve("bin/javac"));
    assertThat(shell("jdk_fits '" + jdk + "' && echo yes || echo no")).isEqualTo("no");
  }

  @Test
  void anOldJavaHomeIsPassedOver() throws Exception {
    var old = jdk("old one", "JAVA_VERSION=\"17\"");
    var fitting = jdk(".jdks/temurin 25", "JAVA_VERSION=\"25\"");
    assertThat(shell("JAVA_HOME='" + old + "'; find_jdk '" + fitting + "' && echo \"$jdk\""))
        .isEqualTo(fitting.toString());
  }

  @Test
  void aJavaHomeThatFitsGoesFirst() throws Exception {
    var chosen = jdk("chosen", "JAVA_VERSION=\"26\"");
    var known = jdk("known", "JAVA_VERSION=\"25\"");
    assertThat(shell("JAVA_HOME='" + chosen + "'; find_jdk '" + known + "' && echo \"$jdk\""))
        .isEqualTo(chosen.toString());
  }

  private Path jdk(String name, String release) throws IOException {
    var jdk = home.resolve(name);
    Files.createDirectories(jdk.resolve("bin"));
    for (var program : List.of("java", "javac")) {
      var file = Files.createFile(jdk.resolve("bin").resolve(program));
      assertThat(file.toFile().setExecutable(true)).isTrue();
    }
    Files.writeString(jdk.resolve("release"), "OS_NAME=\"Linux\"\n" + release + "\n");
    return jdk;
  }

  private String shell(String script) throws Exception {
    var search = FunctionsRun.traced(Files.readString(Path.of("src/main/sh/jdk.sh")));
    var builder =
        new ProcessBuilder("sh", "-euc", search + "\n" + script).redirectErrorStream(true);
    builder.environment().put("HOME", home.toString());
    var process = builder.start();
    var output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return output.strip();
  }
}

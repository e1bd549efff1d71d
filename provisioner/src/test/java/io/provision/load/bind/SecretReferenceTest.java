package io.provision.load.bind;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.load.yaml.Problems;
import io.provision.model.Position;
import io.provision.model.Secret;
import io.provision.model.SecretUnavailable;
import io.provision.section.Node.Scalar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretReferenceTest {
  @TempDir Path directory;
  private final Problems problems = new Problems();

  private Secret secret(String text) {
    var references =
        new SecretReference(
            new Surroundings(Map.of("A", "a b'ü"), directory),
            directory,
            java.util.Optional.empty());
    return references
        .read(new Scalar(text, false, new Position("i.yml", 3, 4)), problems)
        .orElseThrow();
  }

  @Test
  void anEnvironmentVariableIsReadAsItIs() {
    assertThat(secret("${env:A}").reveal()).asString().isEqualTo("a b'ü");
  }

  @Test
  void anUnsetVariableIsAnErrorOnlyWhenItIsNeeded() {
    var secret = secret("${env:B}");
    assertThat(problems.errors()).isEmpty();
    var error = catchThrowableOfType(SecretUnavailable.class, secret::reveal);
    assertThat(error).hasMessageContaining("environment variable B is not set");
    assertThat(error.remedy()).isNotBlank();
  }

  @Test
  void aFileOfMyOwnIsReadWithoutItsLastLineEnd() throws IOException {
    file("own", "rw-------");
    assertThat(secret("${file:own}").reveal()).asString().isEqualTo("from file");
    assertThat(secret("${file:~/own}").reveal()).asString().isEqualTo("from file");
    assertThat(problems.errors()).isEmpty();
  }

  @Test
  void aFileThatOthersCanReadIsRefusedWhenItIsNamedAndWhenItIsRead() throws IOException {
    file("open", "rw-r-----");
    var secret = secret("${file:open}");
    assertThat(problems.errors())
        .singleElement()
        .asString()
        .contains("can be read by others", "chmod 600");
    assertThatThrownBy(secret::reveal).isInstanceOf(SecretUnavailable.class);
  }

  @Test
  void aFileThatIsNotThereIsAWarningUntilItIsNeeded() {
    var secret = secret("${file:gone}");
    assertThat(problems.errors()).isEmpty();
    assertThat(problems.warnings()).hasSize(1);
    assertThatThrownBy(secret::reveal).isInstanceOf(SecretUnavailable.class);
  }

  @Test
  void aProgramRunsOnlyWhenItsAnswerIsNeededAndOnlyOnce() throws IOException {
    var secret = secret("${cmd:[sh, -c, 'echo ran >> log; echo \"$0\"', '$(touch x)']}");
    assertThat(directory.resolve("log")).doesNotExist();
    assertThat(secret.reveal()).asString().isEqualTo("$(touch x)");
    assertThat(secret.reveal()).asString().isEqualTo("$(touch x)");
    assertThat(Files.readAllLines(directory.resolve("log"))).hasSize(1);
    assertThat(directory.resolve("x")).doesNotExist();
  }

  @Test
  void aProgramThatFailsIsNamedWithItsExitCodeAndWithoutItsOutput() {
    var secret = secret("${cmd:[sh, -c, 'echo half-a-secret; echo half-a-secret >&2; exit 3']}");
    var error = catchThrowableOfType(SecretUnavailable.class, secret::reveal);
    assertThat(error).hasMessageContaining("'sh' exited 3").hasNoCause();
    assertThat(String.valueOf(error.getMessage()).replace(secret.reference(), ""))
        .doesNotContain("half-a-secret");
  }

  @Test
  void aProgramThatIsNotThereOrSaysNothingIsNamed() {
    assertThatThrownBy(secret("${cmd:[no-such-program]}")::reveal)
        .hasMessageContaining("cannot be started");
    assertThatThrownBy(secret("${cmd:[true]}")::reveal).hasMessageContaining("answered nothing");
  }

  @Test
  void aProgramThatHangsIsEndedWithItsChildren() {
    var program =
        new SecretProgram(
            "r", List.of("sh", "-c", "sleep 1000 & sleep 1000"), directory, Duration.ofMillis(200));
    assertThatThrownBy(program::answer)
        .isInstanceOf(SecretUnavailable.class)
        .hasMessageContaining("timed out");
  }

  @Test
  void aSecretInPlainIsAWarningThatDoesNotShowIt() {
    assertThat(secret("hunter2").reveal()).asString().isEqualTo("hunter2");
    assertThat(problems.warnings())
        .singleElement()
        .asString()
        .contains("i.yml:3:4", "plain")
        .doesNotContain("hunter2");
  }

  private void file(String name, String mode) throws IOException {
    Files.writeString(directory.resolve(name), "from file\n");
    Files.setPosixFilePermissions(directory.resolve(name), PosixFilePermissions.fromString(mode));
  }
}

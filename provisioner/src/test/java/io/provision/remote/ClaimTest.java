package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.resource.LocalHost;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ClaimTest {
  private static final String FILE = "/var/lib/provision/claim";

  @TempDir Path directory;

  private LocalHost host(String shell) {
    return new LocalHost(directory).in(shell.split(" ")).program("sync", ":");
  }

  private Path file() {
    return directory.resolve("lib/claim");
  }

  /** As the product has it, on a file of the test's. */
  private Call elsewhere(Call call) {
    var function = call.function();
    var body = function.body().replace(FILE, file().toString());
    var arguments =
        call.arguments().stream().map(it -> it.equals(FILE) ? file().toString() : it).toList();
    return new Call(new ShellFunction(function.name(), body), arguments);
  }

  private Script script(Script script) {
    var call = elsewhere(script.call());
    return Script.of(call.function(), call.arguments().toArray(String[]::new));
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void itIsTakenForATimeHoldsAndIsGivenBack(String shell) throws Exception {
    var owner = "ann@laptop's, run \"r0\" $(x)";
    var host = host(shell);
    assertThat(host.run(elsewhere(Call.of(Claim.HOLDS))).ok()).isFalse();

    var taken = host.attempt(script(Claim.of(owner, Duration.ofHours(1))));
    assertThat(taken.ok()).isTrue();
    var lines = Files.readAllLines(file());
    assertThat(lines.get(1)).isEqualTo(owner);
    assertThat(Long.parseLong(lines.get(0)))
        .isBetween(Instant.now().getEpochSecond() + 3000, Instant.now().getEpochSecond() + 3700);
    assertThat(host.run(elsewhere(Call.of(Claim.HOLDS))).ok()).isTrue();

    assertThat(host.attempt(script(Claim.ended().getFirst())).ok()).isTrue();
    assertThat(file()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void thatOfOneRunIsEndedAndThatOfAnotherStays(String shell) throws Exception {
    var host = host(shell);
    assertThat(host.attempt(script(Claim.endedOf("ann"))).ok()).as("there is none").isTrue();
    assertThat(host.attempt(script(Claim.of("ann, $(x)", Duration.ofHours(1)))).ok()).isTrue();
    assertThat(host.attempt(script(Claim.endedOf("ann, $(x)"))).ok()).isTrue();
    assertThat(file()).as("its reboot may still come").exists();
    Files.setLastModifiedTime(file(), FileTime.from(Instant.now().minusSeconds(300)));
    assertThat(host.attempt(script(Claim.endedOf("ann"))).ok()).isTrue();
    assertThat(file()).exists();
    assertThat(host.attempt(script(Claim.endedOf("ann, $(x)"))).ok()).isTrue();
    assertThat(file()).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void oneThatIsOverOrIsNonsenseHoldsNothing(String shell) throws Exception {
    Files.createDirectories(file().getParent());
    for (var text : List.of("", "1000\nann\n", "x\n", "99999999999999999999\n", "-1\n", "1 2\n")) {
      Files.writeString(file(), text);
      assertThat(host(shell).run(elsewhere(Call.of(Claim.HOLDS))).ok()).as(text).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"dash", "bash", "busybox sh"})
  void aDiskThatIsFullIsNamed(String shell) {
    var full = Script.of(Claim.TAKE, "/dev/full", "ann", "60");
    var ended = host(shell).attempt(full);
    assertThat(ended.ok()).isFalse();
    assertThat(ended.output()).contains("/dev/full cannot be written");
  }
}

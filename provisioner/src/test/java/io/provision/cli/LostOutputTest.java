package io.provision.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.console.Streams;
import io.provision.engine.event.Failure;
import io.provision.engine.event.Outcome;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What was asked for and could not be written is no success, and is said where it can be. */
class LostOutputTest {
  private static final OutputStream FULL =
      new OutputStream() {
        @Override
        public void write(int unused) throws IOException {
          throw new IOException("No space left on device");
        }
      };

  @TempDir private Path directory;
  private final FakeProgram program = new FakeProgram();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  private int type(Streams streams, String line) {
    var surroundings =
        new Invocation(
            streams,
            Map.of("XDG_STATE_HOME", directory.toString()),
            Clock.systemUTC(),
            () -> program,
            "1.2.3",
            false);
    return new Cli(surroundings).run(FakeProgram.typed(directory, line.split(" ")));
  }

  private String said() {
    return err.toString(StandardCharsets.UTF_8);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "apply a.yml",
        "apply a.yml --output json",
        "plan a.yml",
        "plan a.yml --output=json",
        "plan a.yml --detailed-exitcode",
        "status a.yml",
        "status a.yml --output json",
        "validate a.yml --output json",
        "unlock a.yml",
        "gluster check a.yml",
        "steps",
        "explain kernel-modules",
        "completion bash",
        "version",
        "--version",
        "--help",
        "apply --help",
      })
  void aFullDiskUnderStandardOutputIsSaidAndIsNoSuccess(String line) {
    program.outcome = new Outcome.Changed(java.util.List.of());
    assertThat(type(Streams.of(FULL, err, false), line)).isEqualTo(74);
    assertThat(said())
        .contains("standard output cannot be written (No space left on device)")
        .hasLineCount(1);
  }

  @ParameterizedTest
  @ValueSource(strings = {"apply a.yml", "plan a.yml --output json", "steps", "--help"})
  void aReaderWhoHasLeftIsNoLoss(String line) {
    assertThat(type(Streams.toReader(FULL, err), line)).isZero();
    assertThat(said()).isEmpty();
  }

  @Test
  void aFailureStaysTheFailureThatItIs() {
    program.outcome = new Outcome.Failed(new Failure("it broke", "mend it"));
    assertThat(type(Streams.of(FULL, err, false), "apply a.yml")).isEqualTo(1);
    assertThat(said()).contains("standard output cannot be written");
    assertThat(type(Streams.of(FULL, err, false), "aply a.yml")).isEqualTo(2);
  }

  @ParameterizedTest
  @ValueSource(strings = {"apply a.yml", "apply a.yml --output json"})
  void aJunitFileThatCannotBeWrittenIsSaidAndIsNoSuccess(String line) throws IOException {
    var full = Files.createSymbolicLink(directory.resolve("junit.xml"), Path.of("/dev/full"));
    var out = new ByteArrayOutputStream();
    assertThat(type(Streams.of(out, err, false), line + " --junit " + full)).isEqualTo(74);
    assertThat(out.toString(StandardCharsets.UTF_8) + said())
        .contains("the JUnit file cannot be written");
    if (line.contains("json")) {
      assertThat(out.toString(StandardCharsets.UTF_8).lines().toList().getLast())
          .contains("\"exit\":74");
    }
  }
}

package io.provision.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.LocalFile;
import io.provision.model.Sha256;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.Shells;
import io.provision.step.Probes;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** A large file is digested by the quicker program where that one answers with a digest. */
final class LargeDigestTest {
  private static final int LARGE = 10_000_000;
  private static final String OTHER = "0123456789abcdef".repeat(4);

  /** What is no digest: the program that everybody has is asked then. */
  private static final List<String> NONE =
      List.of(
          "exit 0",
          "exit 1",
          "kill -9 $$",
          "cat",
          "head -c 3000000 /dev/zero | tr '\\0' a",
          "echo '*stdin'",
          "echo '%s *stdin'".formatted(OTHER.substring(1)),
          "echo '%s0 *stdin'".formatted(OTHER),
          "echo '%s *stdin'".formatted(OTHER.replace('a', 'A')),
          "echo 'SHA2-256(stdin)= %s'".formatted(OTHER));

  @TempDir Path directory;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void theDigestIsThatOfTheFile(List<String> shell) throws IOException {
    for (var name : List.of("k3s", "ü 日本/$(id)`id`\"'*?[a]")) {
      var file = sparse(name, LARGE);
      assertThat(seen(host(shell), file)).isEqualTo(digest(file));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void onlyALargeFileIsGivenToTheQuickerProgram(List<String> shell) throws IOException {
    var large = sparse("large", LARGE);
    var small = sparse("large as well, nearly", LARGE - 1);
    var host = host(shell).program("openssl", "echo '%s *stdin'".formatted(OTHER));
    assertThat(seen(host, large)).isEqualTo(OTHER);
    assertThat(seen(host, small)).isEqualTo(digest(small));
    var asked =
        List.of(large, small, directory.resolve("none")).stream()
            .map(file -> io.provision.resource.Files.at(file.toString()))
            .toList();
    var seen = host.look(Probes.ofAll(List.copyOf(asked)));
    assertThat(asked)
        .extracting(file -> seen.of(file).sha256().map(Sha256::hex).orElse(""))
        .containsExactly(OTHER, digest(small), "");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whereTheQuickerProgramGivesNoDigestTheOtherIsAsked(List<String> shell) throws IOException {
    var file = sparse("large", LARGE);
    for (var openssl : NONE) {
      var host = host(shell).program("openssl", openssl);
      assertThat(seen(host, file)).as(openssl).isEqualTo(digest(file));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whatArrivedIsJudgedByIt(List<String> shell) throws IOException {
    var sent = sparse("sent", LARGE);
    var there = directory.resolve("there");
    var push =
        Script.of(FileTransfer.PUSH, there.toString(), "0644", digest(sent))
            .with(new Payload.LocalFile(sent, LARGE));
    var lying = host(shell).program("openssl", "echo '%s *stdin'".formatted(OTHER)).attempt(push);
    assertThat(lying.ok()).isFalse();
    assertThat(lying.output()).contains("what arrived has the digest " + OTHER);
    assertThat(there).doesNotExist();

    var silent = host(shell).program("openssl", "exit 1").attempt(push);
    assertThat(silent.ok()).as(silent.output()).isTrue();
    assertThat(there).hasSameBinaryContentAs(sent);
  }

  private static String seen(LocalHost host, Path file) {
    var asked = io.provision.resource.Files.at(file.toString());
    return host.look(Probes.of(asked)).of(asked).sha256().orElseThrow().hex();
  }

  private static String digest(Path file) {
    return new LocalFile(file).sha256().hex();
  }

  private LocalHost host(List<String> shell) {
    return new LocalHost(directory.resolve("host")).in(shell.toArray(String[]::new));
  }

  private Path sparse(String name, int size) throws IOException {
    var file = directory.resolve(name);
    Files.createDirectories(file.getParent());
    try (var out = new RandomAccessFile(file.toFile(), "rw")) {
      out.setLength(size);
      out.write(name.length());
    }
    return file;
  }
}

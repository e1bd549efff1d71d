package io.provision.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Content;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.remote.Shells;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What is uploaded becomes the file where all of it arrived as it was sent, and never else. */
final class FileTransferTest {
  private static final String BINARY = "\177ELF of k3s ü\n\0\1\2".repeat(5000);

  @TempDir Path directory;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aBinaryThatArrivedWholeTakesThePlaceOfTheOldOne(List<String> shell) throws IOException {
    for (var name : List.of("bin/k3s", "new directory/k3s", "ü 日本/$(id)`id`\"'")) {
      var file = directory.resolve(name);
      var ended = host(shell).attempt(push(file, digest(BINARY), BINARY));
      assertThat(ended.ok()).as(ended.output()).isTrue();
      assertThat(file).hasContent(BINARY);
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
          .isEqualTo("rwxr-xr-x");
      assertThat(file.getParent()).isDirectoryNotContaining(it -> !it.equals(file));
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aBinaryThatDidNotArriveAsItWasSentLeavesTheOldOne(List<String> shell) throws IOException {
    var file = directory.resolve("bin/k3s");
    var damaged = BINARY.substring(0, 9000) + "!" + BINARY.substring(9001);
    for (var arrived : List.of(damaged, BINARY.substring(0, 4096), BINARY + BINARY, "")) {
      old(file);
      var ended = host(shell).attempt(push(file, digest(BINARY), arrived));
      assertThat(ended.ok()).as("%d bytes", arrived.length()).isFalse();
      assertThat(ended.output()).contains("what arrived has the digest " + digest(arrived));
      assertUntouched(file);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aDigestThatCannotBeTakenIsNoDigest(List<String> shell) throws IOException {
    var file = directory.resolve("bin/k3s");
    var sum = digest(BINARY);
    for (var sha256sum :
        List.of(
            "exit 0",
            "exit 1",
            "kill -9 $$",
            "echo '*'",
            "echo %sx".formatted(sum),
            "echo '  %s'".formatted(sum),
            "head -c 3000000 /dev/zero | tr '\\0' x")) {
      old(file);
      var ended = host(shell).program("sha256sum", sha256sum).attempt(push(file, sum, BINARY));
      assertThat(ended.ok()).as(sha256sum).isFalse();
      assertUntouched(file);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whereThereIsNoRoomNothingIsReceived(List<String> shell) throws IOException {
    var file = directory.resolve("bin/k3s");
    for (var df :
        List.of("printf 'Filesystem\\nx 9 9 1000 1%% /\\n'", "exit 1", "printf 'x\\ny\\n'")) {
      old(file);
      var ended = host(shell).program("df", df).attempt(push(file, digest(BINARY), BINARY));
      assertThat(ended.ok()).as(df).isFalse();
      assertThat(ended.output()).contains("MiB are free in").doesNotContain("arrived");
      assertUntouched(file);
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aSecretIsAllOfItsOwnBytesAndNoOthers(List<String> shell) throws IOException {
    var file = directory.resolve("etc/token");
    var script =
        Script.of(FileTransfer.TAKE, file.toString())
            .with(payload("K10secret"), payload("of the next file"));
    var ended = host(shell).attempt(script);
    assertThat(ended.ok()).as(ended.output()).isTrue();
    assertThat(file).hasContent("K10secret");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aSecretThatWasCutShortLeavesTheOldOne(List<String> shell) throws IOException {
    var file = directory.resolve("etc/token");
    for (var head : List.of("/usr/bin/head -c 3", "cat >/dev/null", "exit 1", "kill -9 $$")) {
      old(file);
      var script = Script.of(FileTransfer.TAKE, file.toString()).with(payload(BINARY));
      var ended = host(shell).program("head", head).attempt(script);
      assertThat(ended.ok()).as(head).isFalse();
      assertThat(file).hasContent("old");
    }
    var nothing = Script.of(FileTransfer.TAKE, file.toString()).with(payload(""));
    assertThat(host(shell).attempt(nothing).ok()).isFalse();
    assertThat(file).hasContent("old");
  }

  /** A digest of it would be seen in a list of processes, so that its length has to do. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aSecretFileThatWasCutShortLeavesTheOldOneToo(List<String> shell) throws IOException {
    var file = directory.resolve("etc/password");
    old(file);
    var owner = Files.getAttribute(file, "unix:uid").toString();
    var group = Files.getAttribute(file, "unix:gid").toString();
    var script =
        Script.of(FileScripts.WRITE, file.toString(), "0600", owner, group, "-", "-")
            .with(payload("correct horse"));
    for (var head : List.of("/usr/bin/head -c 3", "cat >/dev/null", "exit 1", "kill -9 $$")) {
      var ended = host(shell).program("head", head).attempt(script);
      assertThat(ended.ok()).as(head).isFalse();
      assertUntouched(file);
    }
    assertThat(host(shell).program("head", "/usr/bin/head \"$@\"").attempt(script).ok()).isTrue();
    assertThat(file).hasContent("correct horse");
  }

  private LocalHost host(List<String> shell) {
    return new LocalHost(directory.resolve("host")).in(shell.toArray(String[]::new));
  }

  private static Script push(Path file, String sum, String sent) {
    return Script.of(FileTransfer.PUSH, file.toString(), "0755", sum).with(payload(sent));
  }

  private static Payload payload(String text) {
    return new Payload.Bytes(Content.of(text));
  }

  private static String digest(String text) {
    return Content.of(text).sha256().hex();
  }

  private static void old(Path file) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "old");
  }

  private static void assertUntouched(Path file) {
    assertThat(file).hasContent("old");
    assertThat(file.getParent()).isDirectoryNotContaining(it -> !it.equals(file));
  }
}

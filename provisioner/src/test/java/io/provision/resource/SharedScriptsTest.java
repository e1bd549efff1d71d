package io.provision.resource;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Sha256;
import io.provision.remote.Call;
import io.provision.remote.Script;
import io.provision.remote.Shells;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What functions of many steps are made of: a file by a rename, a digest, the kernel's mounts. */
final class SharedScriptsTest {
  @TempDir Path root;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void aTextArrivesByteForByteAndNothingIsLeftBesideIt(List<String> shell) throws IOException {
    for (var text :
        List.of(
            "", "a", "a\n", "a\n\n", "-n %s \\n 'q' \"q\" $x `x` ü 名\n \t", "x".repeat(100_000))) {
      var file = root.resolve("with space 'q' ü");
      assertThat(put(shell, file, text).ok()).isTrue();
      assertThat(file).hasContent(text).hasSize(text.getBytes(StandardCharsets.UTF_8).length);
      assertThat(names()).containsOnly("with space 'q' ü", ".programs");
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void whereATextCannotBeWrittenWholeTheOldOneStays(List<String> shell) throws IOException {
    var file = Files.writeString(root.resolve("f"), "old");
    Files.createSymbolicLink(root.resolve("f.new"), Path.of("/dev/full"));
    var ended = put(shell, file, "new");
    assertThat(ended.ok()).isFalse();
    assertThat(ended.output()).contains(file + " cannot be written");
    assertThat(file).hasContent("old");
    assertThat(names()).as("what was begun").containsOnly("f", ".programs");

    for (var program : List.of("sync", "mv")) {
      var broken = root.resolve("broken");
      Files.createDirectories(broken);
      var host = new LocalHost(broken).in(shell.toArray(String[]::new)).program(program, "exit 1");
      assertThat(host.attempt(Script.of(FileScripts.PUT_TEXT, file.toString(), "new")).ok())
          .as(program)
          .isFalse();
      assertThat(file).as(program).hasContent("old");
      assertThat(root.resolve("f.new")).as(program).doesNotExist();
    }
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void onlyTheWholeDigestOfWhatIsThereCounts(List<String> shell) throws IOException {
    var file = Files.writeString(root.resolve("a b"), "x");
    var digest = Sha256.of("x".getBytes(StandardCharsets.UTF_8)).hex();
    assertThat(hasDigest(shell, digest, file)).isTrue();
    for (var other : List.of(digest.substring(1), digest.substring(0, 63), "", "*", digest + "0")) {
      assertThat(hasDigest(shell, other, file)).as(other).isFalse();
    }
    assertThat(hasDigest(shell, digest, root.resolve("none"))).isFalse();
    assertThat(hasDigest(shell, "", root.resolve("none"))).isFalse();
  }

  /** As proc_pid_mountinfo(5) writes them: a space is {@code \040}, a backslash {@code \134}. */
  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void theLastMountAtAPathIsTheOneThatIsSeen(List<String> shell) throws IOException {
    Files.createDirectories(root.resolve("proc/self"));
    Files.writeString(
        root.resolve("proc/self/mountinfo"),
        """
        20 1 8:1 / / rw shared:1 - ext4 /dev/sda1 rw
        21 20 0:40 / /mnt/v rw - autofs systemd-1 rw
        22 21 0:41 / /mnt/v rw shared:2 master:3 - fuse.glusterfs h1:/v rw
        23 20 8:2 / /mnt/a\\040b\\134c rw - xfs /dev/sdb rw
        24 20 8:3 / /mnt/half rw
        """);
    assertThat(mounts(shell, "/mnt/v")).containsExactly("fuse.glusterfs", "h1:/v");
    assertThat(mounts(shell, "/mnt/a b\\c")).containsExactly("xfs", "/dev/sdb");
    assertThat(mounts(shell, "/mnt/half")).containsExactly("", "");
    assertThat(mounts(shell, "/mnt/.")).containsExactly("", "");
    Files.delete(root.resolve("proc/self/mountinfo"));
    assertThat(mounts(shell, "/mnt/v")).containsExactly("", "");
  }

  private List<String> mounts(List<String> shell, String path) {
    var host = host(shell).below(root);
    return List.of(
        host.run(Call.of(Mounts.TYPE, path)).output(),
        host.run(Call.of(Mounts.SOURCE, path)).output());
  }

  private boolean hasDigest(List<String> shell, String digest, Path file) {
    return host(shell)
        .attempt(Script.of(FileScripts.HAS_DIGEST, digest, file.toString(), "1"))
        .ok();
  }

  private io.provision.remote.Frame put(List<String> shell, Path file, String text) {
    return host(shell).attempt(Script.of(FileScripts.PUT_TEXT, file.toString(), text));
  }

  private LocalHost host(List<String> shell) {
    return new LocalHost(root).in(shell.toArray(String[]::new));
  }

  private List<String> names() throws IOException {
    try (var files = Files.list(root)) {
      return files.map(file -> file.getFileName().toString()).toList();
    }
  }
}

package io.provision.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class OutputFileTest {
  private static final byte[] TEXT = "text".getBytes(StandardCharsets.UTF_8);
  @TempDir private Path directory;

  @Test
  void aRegularFileIsReplacedAtOnceWithItsMode() throws IOException {
    var file = Files.writeString(directory.resolve("file"), "old and longer");
    var old = Files.readAttributes(file, "unix:ino").get("ino");
    OutputFile.write(file, TEXT, "rw-------");
    assertThat(file).hasContent("text");
    assertThat(Files.readAttributes(file, "unix:ino").get("ino")).isNotEqualTo(old);
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    try (var all = Files.list(directory)) {
      assertThat(all).containsExactly(file);
    }
  }

  @Test
  void aLinkStaysAndWhatItPointsToIsReplaced() throws IOException {
    var file = Files.writeString(directory.resolve("file"), "old");
    var link = Files.createSymbolicLink(directory.resolve("link"), Path.of("file"));
    var dangling = Files.createSymbolicLink(directory.resolve("dangling"), Path.of("new"));
    OutputFile.write(link, TEXT, "rw-r--r--");
    OutputFile.write(dangling, TEXT, "rw-r--r--");
    assertThat(link).isSymbolicLink();
    assertThat(file).hasContent("text");
    assertThat(dangling).isSymbolicLink();
    assertThat(directory.resolve("new")).hasContent("text");
  }

  /** A link in our own directory, so that a mistake would not cost this machine its device. */
  @Test
  void aDeviceIsWrittenToAndNeverReplaced() throws IOException {
    var full = Files.createSymbolicLink(directory.resolve("full"), Path.of("/dev/full"));
    assertThatThrownBy(() -> OutputFile.write(full, TEXT, "rw-------"))
        .isInstanceOf(IOException.class);
    assertThat(full).isSymbolicLink();
    OutputFile.write(Path.of("/dev/null"), TEXT, "rw-------");
    for (var device : new String[] {"/dev/full", "/dev/null"}) {
      assertThat(Files.readAttributes(Path.of(device), "unix:mode").get("mode"))
          .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.INTEGER)
          .satisfies(mode -> assertThat(mode & 0170000).isEqualTo(0020000));
    }
  }

  @Test
  void aPipeIsWrittenToAndStaysOne() throws Exception {
    var pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    var read =
        CompletableFuture.supplyAsync(() -> {
          try {
            return Files.readString(pipe);
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    OutputFile.write(pipe, TEXT, "rw-------");
    assertThat(read.get()).isEqualTo("text");
    assertThat(Files.readAttributes(pipe, "*", LinkOption.NOFOLLOW_LINKS).get("isOther"))
        .isEqualTo(true);
  }

  @Test
  void whereItHasAPlaceCanBeToldBefore() {
    assertThat(OutputFile.hasPlace(directory.resolve("new"))).isTrue();
    assertThat(OutputFile.hasPlace(Path.of("/dev/full"))).isTrue();
    assertThat(OutputFile.hasPlace(directory)).isFalse();
    assertThat(OutputFile.hasPlace(directory.resolve("no/new"))).isFalse();
  }
}

package io.provision.files;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a file finds no room nothing is left in part, and what was there stays. */
class NoRoomTest {
  private static final byte[] MORE = "x".repeat(NoRoom.ROOM + 1).getBytes(US_ASCII);
  @TempDir private Path directory;

  @Test
  void whatFindsNoRoomIsTakenBackWhole() throws Exception {
    Files.writeString(directory.resolve("old"), "old");
    Files.writeString(directory.resolve("lines"), "a line\n");

    assertThat(NoRoom.run(Writes.class, directory))
        .isEqualTo(
            """
            control: written
            created: File too large
            replaced: File too large
            appended: File too large
            """);
    try (var files = Files.list(directory)) {
      assertThat(files.map(it -> it.getFileName().toString()))
          .containsExactlyInAnyOrder("old", "lines", "control");
    }
    assertThat(directory.resolve("old")).hasContent("old");
    assertThat(directory.resolve("lines")).hasContent("a line\n");
    assertThat(directory.resolve("control")).hasSize(NoRoom.ROOM);
  }

  static final class Writes {
    public static void main(String[] arguments) throws IOException {
      var in = Path.of(arguments[0]);
      NoRoom.tell(
          "control", () -> AtomicFile.createPrivate(in.resolve("control"), new byte[NoRoom.ROOM]));
      NoRoom.tell("created", () -> AtomicFile.createPrivate(in.resolve("new"), MORE));
      NoRoom.tell("replaced", () -> OutputFile.write(in.resolve("old"), MORE, "rw-------"));
      try (var lines = FileChannel.open(in.resolve("lines"), StandardOpenOption.WRITE)) {
        NoRoom.tell("appended", () -> AtomicFile.append(lines, MORE));
      }
    }
  }
}

package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.desk.DeskException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest {
  @TempDir Path state;

  @Test
  void keepsEachLineForTheUserAlone() throws Exception {
    try (var journal = FileJournal.start(state, "run1")) {
      journal.append(Map.of("event", "started"));
      journal.append(Map.of("event", "a\nline"));
    }
    var file = state.resolve("journal/run1.jsonl");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(FileJournal.read(file))
        .containsExactly(Map.of("event", "started"), Map.of("event", "a\nline"));
  }

  @Test
  void aLineThatAKillToreOffIsNoLine() throws Exception {
    try (var journal = FileJournal.start(state, "run1")) {
      journal.append(Map.of("n", 1));
      Files.writeString(journal.file(), "{\"n\":2,\"x", StandardOpenOption.APPEND);
      assertThat(FileJournal.read(journal.file())).containsExactly(Map.of("n", 1));
    }
  }

  @Test
  void aFullDiskIsSaidBeforeAnythingElseIsDone() throws Exception {
    Files.createDirectories(state.resolve("journal"));
    Files.createSymbolicLink(state.resolve("journal/full.jsonl"), Path.of("/dev/full"));
    assertThatThrownBy(() -> FileJournal.start(state, "full")).isInstanceOf(DeskException.class);
  }

  @Test
  void whatIsNoJournalIsSaid() throws Exception {
    var file = Files.writeString(state.resolve("other"), "hello\n");
    assertThatThrownBy(() -> FileJournal.read(file)).hasMessageContaining("is no journal");
  }
}

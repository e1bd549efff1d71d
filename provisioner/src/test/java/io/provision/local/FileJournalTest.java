package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.provision.desk.DeskException;
import io.provision.files.Custody;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FileJournalTest {
  @TempDir Path state;

  @Test
  void keepsEachLineForTheUserAlone() throws Exception {
    try (var journal = FileJournal.start(state, "run1", Custody.ofThisProcess(Map.of()))) {
      journal.append(Map.of("event", "started"));
      journal.append(Map.of("event", "a\nline"));
    }
    var file = state.resolve("journal/run1.jsonl");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
        .isEqualTo("rw-------");
    assertThat(lines(file)).containsExactly(Map.of("event", "started"), Map.of("event", "a\nline"));
  }

  @Test
  void aLineHoldsWhateverAnEventTells() throws Exception {
    var line =
        Map.of(
            "text",
            "\"\\\u0000\uD83D\uDE00",
            "count",
            3,
            "yes",
            true,
            "list",
            List.of("a", List.of()),
            "map",
            Map.of("k", "v"));
    try (var journal = FileJournal.start(state, "run1", Custody.ofThisProcess(Map.of()))) {
      journal.append(line);
      assertThat(lines(journal.file())).containsExactly(line);
    }
  }

  @Test
  void aFullDiskIsSaidBeforeAnythingElseIsDone() throws Exception {
    Files.createDirectories(state.resolve("journal"));
    Files.createSymbolicLink(state.resolve("journal/full.jsonl"), Path.of("/dev/full"));
    assertThatThrownBy(() -> FileJournal.start(state, "full", Custody.ofThisProcess(Map.of())))
        .isInstanceOf(DeskException.class);
  }

  @Test
  void isNotKeptWhereOthersCanPutSomething() throws Exception {
    Files.createDirectories(state.resolve("journal"));
    Files.setPosixFilePermissions(
        state.resolve("journal"), PosixFilePermissions.fromString("rwxrwxrwx"));
    assertThatThrownBy(() -> FileJournal.start(state, "run1", Custody.ofThisProcess(Map.of())))
        .isInstanceOf(DeskException.class)
        .hasMessageContaining("everybody on this machine can write it");
    assertThat(state.resolve("journal/run1.jsonl")).doesNotExist();
  }

  private static List<Object> lines(Path file) throws Exception {
    var lines = new ArrayList<Object>();
    for (var line : Files.readAllLines(file)) {
      lines.add(new JsonMapper().readValue(line, Map.class));
    }
    return lines;
  }
}

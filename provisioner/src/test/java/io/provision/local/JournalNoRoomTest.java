package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.files.Custody;
import io.provision.files.NoRoom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A journal on a disk that fills up has whole lines only. */
class JournalNoRoomTest {
  private static final String LONG = "x".repeat(300);
  @TempDir private Path state;

  @Test
  void aLineThatFindsNoRoomIsNotThereInPart() throws Exception {
    assertThat(NoRoom.run(Appends.class, state))
        .contains("first: written\n", "second: ", "run1.jsonl", "File too large");
    assertThat(Files.readString(state.resolve("journal/run1.jsonl")))
        .isEqualTo("{\"line\":\"%s\"}\n{\"line\":\"short\"}\n".formatted(LONG));
  }

  static final class Appends {
    public static void main(String[] arguments) throws Exception {
      var custody = Custody.ofThisProcess(Map.of());
      try (var journal = FileJournal.start(Path.of(arguments[0]), "run1", custody)) {
        NoRoom.tell("first", () -> journal.append(Map.of("line", LONG)));
        NoRoom.tell("second", () -> journal.append(Map.of("line", LONG)));
        journal.append(Map.of("line", "short"));
      }
    }
  }
}

package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.files.NoRoom;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A key that found no room is not there in part: a cut one would be a key that has changed. */
class KnownHostsNoRoomTest {
  private static final String OLD = "# " + "x".repeat(NoRoom.ROOM - 40);
  @TempDir private Path directory;

  @Test
  void whatStoodInKnownHostsStaysAsItWas() throws Exception {
    var file = Files.writeString(directory.resolve("known_hosts"), OLD);
    assertThat(NoRoom.run(Accepts.class, file)).isEqualTo("accepted: File too large\n");
    assertThat(file).hasContent(OLD);
  }

  static final class Accepts {
    public static void main(String[] arguments) throws Exception {
      var known = KnownHosts.read(Path.of(arguments[0]));
      var key = TestKeys.hostKey(TestKeys.ed25519());
      NoRoom.tell(
          "accepted", () -> new WrittenKeys().accept(known, Map.of("host.example", List.of(key))));
    }
  }
}

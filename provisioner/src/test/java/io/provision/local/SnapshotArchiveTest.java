package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An archive of tar(1) is of use where its snapshot is whole and nothing of it is missing. */
final class SnapshotArchiveTest {
  private static final List<String> REQUIRED = List.of("/pki/ca.key", "/tls");

  @TempDir Path directory;

  @BeforeEach
  void files() throws Exception {
    Files.createDirectories(directory.resolve("pki"));
    Files.createDirectories(directory.resolve("tls"));
    Files.writeString(directory.resolve("pki/ca.key"), "key");
    Files.writeString(directory.resolve("tls/x.crt"), "x");
    snapshot(new byte[1024]);
  }

  @Test
  void oneThatIsWholeHasNoComplaint() throws Exception {
    assertThat(complaint(archive("s.db", "pki", "tls"))).isEmpty();
  }

  @Test
  void aBitThatIsAnotherIsSeen() throws Exception {
    var bytes = Files.readAllBytes(directory.resolve("s.db"));
    bytes[17] ^= 1;
    Files.write(directory.resolve("s.db"), bytes);
    assertThat(complaint(archive("s.db", "pki", "tls"))).contains("its SHA-256 is another");
    Files.write(directory.resolve("s.db"), new byte[100]);
    assertThat(complaint(archive("s.db", "pki", "tls"))).contains("its SHA-256 is another");
  }

  @Test
  void whatIsMissingIsNamed() throws Exception {
    assertThat(complaint(archive("pki"))).isEqualTo("it has no /tls, s.db");
    Files.delete(directory.resolve("tls/x.crt"));
    assertThat(complaint(archive("s.db", "pki", "tls"))).isEqualTo("it has no /tls");
  }

  /** Wherever it is cut, also between two files of it. */
  @Test
  void oneThatWasCutIsNoArchive() throws Exception {
    var archive = archive("s.db", "pki", "tls");
    var whole = Files.readAllBytes(archive);
    for (var length = 0; length < 7 * 512; length += 256) {
      Files.write(archive, Arrays.copyOf(whole, length));
      assertThat(complaint(archive)).as("%d bytes", length).isEqualTo("it ends too early");
    }
  }

  @Test
  void somethingElseIsNoArchive() throws Exception {
    var archive =
        Files.write(
            directory.resolve("a.tar"), "garbage ".repeat(1000).getBytes(StandardCharsets.UTF_8));
    assertThat(complaint(archive)).isEqualTo("it is not an archive of tar");
  }

  private static String complaint(Path archive) throws IOException {
    return SnapshotArchive.complaint(archive, "s.db", REQUIRED).orElse("");
  }

  private void snapshot(byte[] data) throws Exception {
    var bytes = Arrays.copyOf(data, data.length + 32);
    var sum = MessageDigest.getInstance("SHA-256").digest(data);
    System.arraycopy(sum, 0, bytes, data.length, 32);
    Files.write(directory.resolve("s.db"), bytes);
  }

  private Path archive(String... files) throws Exception {
    var words = new ArrayList<>(List.of("tar", "-cf", "a.tar"));
    words.addAll(List.of(files));
    var tar = new ProcessBuilder(words).directory(directory.toFile()).inheritIO().start();
    assertThat(tar.waitFor()).isZero();
    return directory.resolve("a.tar");
  }
}

package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is read from any piece on is what gzip has of the file from there. */
final class PackedFileTest {
  private static final int PIECE = PackedFile.PIECE;

  @TempDir Path directory;

  @Test
  void fromEachPieceOnItIsTheRestOfTheFile() throws IOException {
    for (var size : new int[] {PIECE, 3 * PIECE, 5 * PIECE + 1}) {
      var bytes = words(size);
      var packed = packed(bytes).orElseThrow();
      for (var begin = 0; begin < size; begin += PIECE) {
        var read = packed.from(begin).readAllBytes();
        assertThat(packed.size(begin)).isEqualTo(read.length).isLessThan(size - begin + 64);
        assertThat(unpacked(read)).isEqualTo(Arrays.copyOfRange(bytes, begin, size));
      }
      assertThat(oneByOne(packed)).isEqualTo(packed.from(0).readAllBytes());
    }
  }

  @Test
  void aPieceBeginsBeforeTheByteThatItHolds() {
    assertThat(PackedFile.begin(0)).isZero();
    assertThat(PackedFile.begin(PIECE - 1)).isZero();
    assertThat(PackedFile.begin(PIECE)).isEqualTo(PIECE);
    assertThat(PackedFile.begin(5L << 30)).isEqualTo(5L << 30);
  }

  @Test
  void whatGzipHardlyMakesSmallerStaysAsItIs() throws IOException {
    var bytes = new byte[4 * PIECE];
    new Random(1).nextBytes(bytes);
    assertThat(packed(bytes)).isEmpty();
  }

  /** An archive of archives, with a little text at its begin. */
  @Test
  void notOnlyItsBeginIsTried() throws IOException {
    var bytes = new byte[4 * PIECE];
    new Random(1).nextBytes(bytes);
    System.arraycopy(words(PIECE / 2), 0, bytes, 0, PIECE / 2);
    assertThat(packed(bytes)).isEmpty();
    System.arraycopy(words(PIECE * 2), 0, bytes, 0, PIECE * 2);
    assertThat(packed(bytes)).isPresent();
  }

  @Test
  void whatCannotBeReadIsNotPacked() {
    assertThatIOException().isThrownBy(() -> PackedFile.of(directory.resolve("none"), 0));
  }

  @Test
  void whatHasAnotherSizeByNowIsNotPacked() throws IOException {
    var file = Files.write(directory.resolve("file"), words(PIECE));
    assertThatIOException().isThrownBy(() -> PackedFile.of(file, PIECE + 1));
  }

  private Optional<PackedFile> packed(byte[] bytes) throws IOException {
    return PackedFile.of(Files.write(directory.resolve("file"), bytes), bytes.length);
  }

  private static byte[] words(int size) {
    var random = new Random(size);
    var out = new ByteArrayOutputStream(size);
    while (out.size() < size) {
      out.writeBytes(
          ("word " + random.nextInt(1000) + "\n")
              .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
    }
    return Arrays.copyOf(out.toByteArray(), size);
  }

  private static byte[] unpacked(byte[] gzip) throws IOException {
    try (var in = new GZIPInputStream(new ByteArrayInputStream(gzip))) {
      return in.readAllBytes();
    }
  }

  private static byte[] oneByOne(PackedFile packed) throws IOException {
    var out = new ByteArrayOutputStream();
    try (var in = packed.from(0)) {
      for (var one = in.read(); one >= 0; one = in.read()) {
        out.write(one);
      }
    }
    return out.toByteArray();
  }
}

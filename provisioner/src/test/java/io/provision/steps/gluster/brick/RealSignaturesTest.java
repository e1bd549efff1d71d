package io.provision.steps.gluster.brick;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Script;
import io.provision.remote.Shells;
import io.provision.resource.LocalHost;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What the programs of util-linux themselves say of an image, for a stand-in takes any option. What
 * they would tell of a device alone is made up.
 */
final class RealSignaturesTest {
  private static final int SIZE = 64 << 20;
  private static final int PAGE = 4096;

  @TempDir Path directory;

  static List<List<String>> shells() {
    return Shells.here();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shells")
  void nothingIsSaidOfAnEmptyOneAndASignatureIsNamed(List<String> shell) throws IOException {
    var image = directory.resolve("image");
    try (var file = new RandomAccessFile(image.toFile(), "rw")) {
      file.setLength(SIZE);
      assertThat(signs(shell, image)).isEmpty();

      file.seek(PAGE - 10);
      file.write("SWAPSPACE2".getBytes(StandardCharsets.US_ASCII));
      file.seek(1024);
      file.write(new byte[] {1, 0, 0, 0}); // the version
      file.write(new byte[] {(byte) 0xff, 0x3f, 0, 0}); // the last page
      assertThat(signs(shell, image)).contains("it has a signature of swap");
    } finally {
      Files.deleteIfExists(image);
    }
  }

  private String signs(List<String> shell, Path image) {
    var ended =
        new LocalHost(directory)
            .in(shell.toArray(String[]::new))
            .program(
                "blockdev",
                "case $1 in --getsize64) echo 9 ;; --getro) echo 0 ;; *) exit 9 ;; esac")
            .program(
                "lsblk", "case $* in *NAME*) echo sdb disk ;; *MAJ:MIN*) echo ' 8:16 ' ;; esac")
            .attempt(Script.of(DiskState.SIGNS, image.toString()));
    assertThat(ended.ok()).isTrue();
    return ended.output();
  }
}

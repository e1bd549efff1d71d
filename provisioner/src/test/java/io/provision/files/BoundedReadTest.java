package io.provision.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BoundedReadTest {
  @TempDir private Path directory;

  @Test
  void readsUpToTheLimitAndNotAByteMore() throws IOException {
    var file = Files.write(directory.resolve("ten"), new byte[10]);
    assertThat(BoundedRead.bytes(file, 10)).hasSize(10);
    assertThatThrownBy(() -> BoundedRead.bytes(file, 9))
        .isInstanceOf(BoundedRead.TooLarge.class)
        .hasMessageContaining("more than 9 bytes");
    assertThat(BoundedRead.bytes(Path.of("/dev/null"), 9)).isEmpty();
  }

  @Test
  void anEndlessDeviceIsTooLarge() {
    assertThatThrownBy(() -> BoundedRead.bytes(Path.of("/dev/zero"), 1 << 20))
        .isInstanceOf(BoundedRead.TooLarge.class)
        .hasMessageContaining("more than 1 MiB");
  }

  @Test
  void whatIsNotThereOrIsADirectoryIsSaid() {
    assertThatThrownBy(() -> BoundedRead.bytes(directory.resolve("gone"), 9))
        .isInstanceOf(NoSuchFileException.class);
    assertThatThrownBy(() -> BoundedRead.bytes(directory, 9)).hasMessageContaining("a directory");
  }

  @Test
  void aPipeIsReadToItsEnd() throws Exception {
    var pipe = pipe();
    var writer =
        Thread.startVirtualThread(() -> {
          try {
            Files.writeString(pipe, "through the pipe");
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    assertThat(BoundedRead.text(pipe, 100)).isEqualTo("through the pipe");
    writer.join();
  }

  @Test
  void aPipeThatNobodyWritesToHoldsNobodyWhoIsInterrupted() throws Exception {
    var pipe = pipe();
    var ended = new CompletableFuture<Throwable>();
    var reader =
        Thread.ofPlatform()
            .start(() -> {
              try {
                ended.complete(new AssertionError(BoundedRead.bytes(pipe, 100).length));
              } catch (IOException e) {
                ended.complete(e);
              }
            });
    reader.interrupt();
    assertThat(ended.get()).isInstanceOf(InterruptedIOException.class);
  }

  @Test
  void aPipeThatStaysSilentIsGivenUp() throws Exception {
    assertThatThrownBy(() -> BoundedRead.bytes(pipe(), 100, Duration.ZERO))
        .hasMessageContaining("nothing came of it");
  }

  @Test
  void textIsRefusedWhereItIsNone() throws IOException {
    var file = Files.write(directory.resolve("latin"), new byte[] {(byte) 0xe4});
    assertThatThrownBy(() -> BoundedRead.text(file, 9)).isInstanceOf(IOException.class);
    assertThat(BoundedRead.lines(file, 9, StandardCharsets.ISO_8859_1)).containsExactly("ä");
  }

  private Path pipe() throws Exception {
    var pipe = directory.resolve("pipe");
    assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor()).isZero();
    return pipe;
  }
}

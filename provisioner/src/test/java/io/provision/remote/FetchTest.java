package io.provision.remote;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.engine.TestInventory;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Bytes of a host arrive as they are, or it is said that they did not. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class FetchTest {
  @TempDir Path directory;
  private LocalShell hosts;
  private Shell shell;

  @BeforeEach
  void setUp() throws RemoteException {
    hosts = new LocalShell(directory);
    var host = TestInventory.host("a");
    shell = Shell.on(host, hosts.connect(host));
  }

  @AfterEach
  void switchOff() {
    shell.close();
    hosts.close();
  }

  @Test
  void everyByteArrivesAndNothingElse() throws Exception {
    var octal = new StringBuilder();
    IntStream.range(0, 256).forEach(one -> octal.append("\\%03o".formatted(one)));
    var all = HexFormat.of().formatHex(fetched("printf '" + octal + "'; echo noise >&2", 60));
    assertThat(all).hasSize(512).startsWith("00010203").endsWith("fdfeff").contains("090a0b");
    assertThat(fetched(":", 60)).isEmpty();
    assertThat(fetched("echo", 60)).isEqualTo(new byte[] {'\n'});
  }

  @Test
  void megabytesArrive() throws Exception {
    var bytes = fetched("head -c 5000000 /dev/zero; echo end", 60);
    assertThat(bytes).hasSize(5_000_004);
  }

  @Test
  void whatFailsThereIsSaidWithItsReason() {
    assertThatThrownBy(() -> fetched("echo half; echo 'no such file' >&2; return 3", 60))
        .isInstanceOfSatisfying(
            RemoteException.CommandFailed.class,
            e ->
                assertThat(e.what())
                    .isEqualTo("what was to be copied could not be read there (no such file)"));
  }

  @Test
  void whatIsKilledInTheMiddleIsNoCopy() {
    assertThatThrownBy(() -> fetched("echo half; kill -TERM $$", 60))
        .isInstanceOfSatisfying(
            RemoteException.class, e -> assertThat(e.what()).contains("ended too early"));
  }

  @Test
  void whatNeverEndsIsEndedThere() {
    assertThatThrownBy(() -> fetched("echo half; exec sleep 600", 1))
        .isInstanceOfSatisfying(
            RemoteException.class, e -> assertThat(e.what()).contains("timed out after 1 s"));
  }

  @Test
  void aFullDiskHereIsNotTakenForTroubleThere() {
    var full = new IOException("No space left on device");
    var out =
        new OutputStream() {
          @Override
          public void write(int one) throws IOException {
            throw full;
          }
        };
    assertThatThrownBy(() -> shell.fetch(script("head -c 100000 /dev/zero", 60), out))
        .isSameAs(full);
  }

  /** Also where it comes in pieces of any size. */
  @Test
  void marksAreFoundWhereverTheStreamIsCut() throws Exception {
    var random = new Random(1);
    for (var size = 0; size < 600; size += 7) {
      var body = new byte[size];
      random.nextBytes(body);
      var stream = new ByteArrayOutputStream();
      stream.writeBytes("noise\n\n@@m start\n\n@@m begin\n".getBytes(StandardCharsets.UTF_8));
      stream.writeBytes(body);
      stream.writeBytes("\n@@m end 7\n\n@@m done\n".getBytes(StandardCharsets.UTF_8));
      var out = new ByteArrayOutputStream();
      var fetch = new Fetch(inPieces(stream.toByteArray(), 1 + size % 5), "m");
      assertThat(fetch.into(out)).hasValue(7);
      assertThat(out.toByteArray()).isEqualTo(body);
    }
  }

  @Test
  void anEndThatWasCutIsNoEnd() throws Exception {
    for (var end : new String[] {"", "\n@@m e", "\n@@m end ", "\n@@m end 0", "\n@@x end 0\n"}) {
      var bytes = ("\n@@m begin\nbody" + end).getBytes(StandardCharsets.UTF_8);
      var fetch = new Fetch(new ByteArrayInputStream(bytes), "m");
      assertThat(fetch.into(OutputStream.nullOutputStream())).as(end).isEmpty();
    }
  }

  @Test
  void aProfileThatPrintsWithoutEndIsGivenUp() {
    var zeros =
        new InputStream() {
          @Override
          public int read() {
            return 'x';
          }
        };
    assertThatThrownBy(() -> new Fetch(zeros, "m").into(OutputStream.nullOutputStream()))
        .isInstanceOf(GivenUp.class);
  }

  private byte[] fetched(String body, int seconds) throws Exception {
    var out = new ByteArrayOutputStream();
    shell.fetch(script(body, seconds), out);
    return out.toByteArray();
  }

  private static Script script(String body, int seconds) {
    return Script.of(new ShellFunction("send", body)).within(Duration.ofSeconds(seconds));
  }

  private static InputStream inPieces(byte[] bytes, int most) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] into, int offset, int length) {
        return super.read(into, offset, Math.min(length, most));
      }
    };
  }
}

package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Files that SSH reads and that never end: told as such, or given up with the thread that reads.
 * The time limit only ends a hanging test.
 */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class OddFilesTest {
  @TempDir Path home;

  /** All that is read before a login, each from this file. */
  private Map<String, org.assertj.core.api.ThrowableAssert.ThrowingCallable> reads(Path odd) {
    var here = new Workstation(home, "tester", odd, odd, Map.of());
    KeyFiles.Decoder<String> decoder = (bytes, _) -> "" + bytes.length;
    var host = new TestHost("h", 22).key(odd);
    return Map.of(
        "known_hosts", () -> KnownHosts.read(odd),
        "ssh_config", () -> SshConfigFile.read(odd, here, home),
        "a key",
            () -> {
              var login =
                  new Logins(new Workstation(home, "tester", home, home, Map.of())).of(host.host());
              new KeyFiles<>(decoder).of(login, new Deadline(java.time.Duration.ofMinutes(1)));
            });
  }

  @Test
  void aDeviceWithoutEndIsTooLarge() {
    reads(Path.of("/dev/zero"))
        .forEach((what, read) ->
            assertThatThrownBy(read).as(what).hasStackTraceContaining("it holds more than"));
  }

  @Test
  void aPipeThatNobodyWritesToIsGivenUpWithItsReader() throws Exception {
    var fifo = home.resolve("fifo");
    new ProcessBuilder("mkfifo", fifo.toString()).start().waitFor();
    for (var each : reads(fifo).entrySet()) {
      var failed = new AtomicReference<Throwable>();
      var reader =
          Thread.ofPlatform()
              .start(() -> {
                try {
                  each.getValue().call();
                } catch (Throwable e) {
                  failed.set(e);
                }
              });
      while (reader.getState() != Thread.State.TIMED_WAITING) {
        Thread.onSpinWait();
      }
      reader.interrupt();
      reader.join();
      assertThatThrownBy(
              () -> {
                throw failed.get();
              })
          .as(each.getKey())
          .hasStackTraceContaining("interrupted while reading");
    }
  }
}

package io.provision.engine.session;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.engine.TestInventory;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.remote.Frame;
import io.provision.remote.LocalShell;
import io.provision.remote.ShellFunction;
import io.provision.step.doctor.Measurement;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Measurements on hosts that are real shells. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HostsMeasuredTest {
  private static final ShellFunction SAY = new ShellFunction("say_so", "echo \"$1\"; return 3");
  private static final ShellFunction HANG =
      new ShellFunction(
          "hang_on",
          "echo here >>\"$1\"; for turn in $(seq 1000); do [ -e \"$1.let_go\" ] && return 0; sleep 0.1; done");
  private static final HostName A = new HostName("a");
  private static final HostName B = new HostName("b");
  private static final List<Host> HOSTS = List.of(TestInventory.host("a"), TestInventory.host("b"));

  @TempDir Path directory;
  private LocalShell transport;
  private final Interrupt interrupt = new Interrupt();

  @BeforeEach
  void setUp() throws IOException {
    transport = new LocalShell(Files.createDirectory(directory.resolve("run")));
  }

  @AfterEach
  void switchOff() {
    transport.close();
  }

  private HostsMeasured measuring() {
    return new HostsMeasured(transport, HOSTS, 8, interrupt);
  }

  private static Measurement<String> of(ShellFunction function, Map<HostName, List<String>> words) {
    return of(function, words, Duration.ofMinutes(1));
  }

  private static Measurement<String> of(
      ShellFunction function, Map<HostName, List<String>> words, Duration limit) {
    return new Measurement<>(
        function, words, limit, (Frame frame) -> frame.status() + frame.output());
  }

  @Test
  void eachIsAskedWithItsOwnWordsAndLoggedInToOnce() throws Exception {
    try (var measuring = measuring()) {
      var said = measuring.take(of(SAY, Map.of(A, List.of("x y"), B, List.of("'z'"))));
      assertThat(said.answers()).isEqualTo(Map.of(A, "3x y\n", B, "3'z'\n"));
      var again = measuring.take(of(SAY, Map.of(A, List.of("again"))));
      assertThat(again.answers()).isEqualTo(Map.of(A, "3again\n"));
      assertThat(again.never()).isEmpty();
    }
  }

  @Test
  void whoDoesNotAnswerSaysWhy() throws Exception {
    transport.takeDown("b");
    try (var measuring = measuring()) {
      var said = measuring.take(of(SAY, Map.of(A, List.of("x"), B, List.of("y"))));
      assertThat(said.of(A)).contains("3x\n");
      assertThat(said.of(B)).isEmpty();
      assertThat(said.why(B)).isEqualTo("it does not answer");
      measuring.takeAway(of(SAY, Map.of(B, List.of("nothing is there"))));
    }
  }

  @Test
  void whoNeverEndsIsGivenUp() throws Exception {
    var there = directory.resolve("there");
    try (var measuring = measuring()) {
      var said =
          measuring.take(of(HANG, Map.of(A, List.of(there.toString())), Duration.ofSeconds(2)));
      assertThat(said.why(A)).contains("did not answer in time");
    }
    assertThat(there).hasContent("here\n");
  }

  @Test
  void anEndThatIsAskedForEndsItAndWhatWasPutThereIsTakenAwayAllTheSame() throws Exception {
    var there = directory.resolve("there");
    var gone = directory.resolve("gone");
    try (var measuring = measuring()) {
      var _ = measuring.take(of(SAY, Map.of(A, List.of("x"))));
      var asked = new CountDownLatch(1);
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (Files.notExists(there)) {
                Thread.sleep(10);
              }
              interrupt.request();
              Files.createFile(directory.resolve("there.let_go"));
              asked.countDown();
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      assertThatThrownBy(() -> measuring.take(of(HANG, Map.of(A, List.of(there.toString())))))
          .isInstanceOf(InterruptedException.class);
      asked.await();
      var away = new ShellFunction("take_away", "echo gone >\"$1\"");
      measuring.takeAway(of(away, Map.of(A, List.of(gone.toString()))));
      assertThat(gone).hasContent("gone\n");
    }
  }

  /** Else a listener would be there of which nobody knows. */
  @Test
  void whatIsPutThereIsKnownAlsoWhereAnEndIsAskedForMeanwhile() throws Exception {
    var there = directory.resolve("there");
    transport.takeDown("b");
    try (var measuring = measuring()) {
      Thread.ofVirtual()
          .start(() -> {
            try {
              while (Files.notExists(there)) {
                Thread.sleep(10);
              }
              interrupt.request();
              Files.createFile(directory.resolve("there.let_go"));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
              Thread.currentThread().interrupt();
            }
          });
      var words = List.of(there.toString());
      var put = measuring.put(of(HANG, Map.of(A, words, B, words)));
      assertThat(put.of(A)).contains("0");
      assertThat(put.why(B)).isEqualTo("it does not answer");
      assertThat(interrupt.requested()).isTrue();
      assertThatThrownBy(() -> measuring.put(of(SAY, Map.of(B, List.of("x")))))
          .isInstanceOf(InterruptedException.class);
    }
  }
}

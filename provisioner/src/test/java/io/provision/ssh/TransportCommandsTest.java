package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.remote.RemoteException;
import io.provision.remote.RemoteProcess.Exit;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;

/** How commands run, end and fail, whatever the library. */
class TransportCommandsTest extends TransportFixture {
  @Test
  void returnsWhatACommandReturns() throws Exception {
    var connection = connected();
    assertThat(connection.exec("status 0").waitFor()).isEqualTo(new Exit.Status(0));
    assertThat(connection.exec("status 7").waitFor()).isEqualTo(new Exit.Status(7));
    assertThat(connection.user()).isEqualTo("root");
  }

  @Test
  void namesTheSignalThatEndedACommand() throws Exception {
    assertThat(connected().exec("signal TERM").waitFor()).isEqualTo(new Exit.Signal("TERM"));
  }

  @Test
  void givesInputUntilItsEndAndReadsOutputUntilItsEnd() throws Exception {
    var process = connected().exec("echo");
    process.stdin().write("Grüße\n".getBytes(StandardCharsets.UTF_8));
    process.stdin().close();
    assertThat(text(process.stdout())).isEqualTo("Grüße\n");
    assertThat(process.stderr().read()).isEqualTo(-1);
    assertThat(process.waitFor()).isEqualTo(new Exit.Status(0));
  }

  @Test
  void carriesMegabytesIntoACommandAndBack() throws Exception {
    var process = connected().exec("echo");
    var sent = new byte[3 << 20];
    new java.util.Random(1).nextBytes(sent);
    var writer =
        Thread.ofVirtual()
            .start(() -> {
              try (var in = process.stdin()) {
                in.write(sent);
              } catch (IOException e) {
                throw new java.io.UncheckedIOException(e);
              }
            });
    assertThat(process.stdout().readAllBytes()).isEqualTo(sent);
    writer.join();
    assertThat(process.waitFor()).isEqualTo(new Exit.Status(0));
  }

  @Test
  void readsOverAMegabyteOfBothStreamsWhicheverIsReadFirst() throws Exception {
    int size = (1 << 20) + 4321;
    var process = connected().exec("flood " + size);
    Thread.sleep(50);
    assertThat(process.stderr().readAllBytes()).hasSize(size).containsOnly('e');
    assertThat(process.stdout().readAllBytes()).hasSize(size).containsOnly('o');
    assertThat(process.waitFor()).isEqualTo(new Exit.Status(0));
  }

  @Test
  void keepsOutputThatIsReadAfterTheEnd() throws Exception {
    var process = connected().exec("say late");
    assertThat(process.waitFor()).isEqualTo(new Exit.Status(0));
    assertThat(text(process.stdout())).isEqualTo("late");
  }

  @Test
  void aMissingExitStatusIsLost() throws Exception {
    var process = connected().exec("no-status");
    assertThat(text(process.stdout())).isEqualTo("x");
    assertThatThrownBy(process::waitFor).isInstanceOf(RemoteException.Lost.class);
  }

  @Test
  void aConnectionThatEndsInTheMiddleIsLostAndEndsTheStreams() throws Exception {
    var connection = connected();
    var bystander = connection.exec("hang");
    var process = connection.exec("drop");
    assertThat(process.stdout().read()).isEqualTo('x');
    process.stdin().write('\n');
    process.stdin().flush();
    assertThat(process.stdout().read()).isEqualTo(-1);
    assertThatThrownBy(process::waitFor).isInstanceOf(RemoteException.Lost.class);
    assertThat(bystander.stdout().read()).isEqualTo(-1);
    assertThatThrownBy(bystander::waitFor).isInstanceOf(RemoteException.Lost.class);
    assertThatThrownBy(() -> connection.exec("status 0")).isInstanceOf(RemoteException.Lost.class);
  }

  @Test
  void writingToACommandThatEndedFailsAndNeverHangs() throws Exception {
    var process = connected().exec("deaf");
    assertThat(process.waitFor()).isEqualTo(new Exit.Status(3));
    assertThatThrownBy(
            () -> {
              var block = new byte[1 << 16];
              for (int i = 0; i < 100; i++) {
                process.stdin().write(block);
                process.stdin().flush();
              }
            })
        .isInstanceOf(IOException.class);
  }

  @Test
  void aProcessThatIsClosedEndsForWhoeverWaits() throws Exception {
    var connection = connected();
    var process = connection.exec("hang");
    var waiting = threads();
    var end = waiting.submit(process::waitFor);
    process.close();
    assertThatThrownBy(end::get).hasCauseInstanceOf(RemoteException.Lost.class);
    assertThat(connection.exec("status 0").waitFor()).isEqualTo(new Exit.Status(0));
  }

  @Test
  void runsCommandsSideBySide() throws Exception {
    var connection = connected();
    var first = connection.exec("echo");
    var second = connection.exec("echo");
    second.stdin().write('2');
    second.stdin().close();
    assertThat(text(second.stdout())).isEqualTo("2");
    first.stdin().write('1');
    first.stdin().close();
    assertThat(text(first.stdout())).isEqualTo("1");
  }

  @Test
  void waitsForAFreeSessionWhereTheServerAllowsOne() throws Exception {
    var sshd = known(sshd().withMaxSessions(1));
    var connection = login(host(sshd));
    var first = connection.exec("echo");
    var waiting = threads();
    var others = new ArrayList<java.util.concurrent.Future<Exit>>();
    for (int i = 1; i <= 3; i++) {
      var command = "status " + i;
      others.add(waiting.submit(() -> connection.exec(command).waitFor()));
    }
    Thread.sleep(100);
    assertThat(sshd.commands).containsExactly("echo");
    first.stdin().close();
    for (int i = 1; i <= 3; i++) {
      assertThat(others.get(i - 1).get()).isEqualTo(new Exit.Status(i));
    }
    assertThat(sshd.commands).hasSize(4);
  }

  @Test
  void aServerThatOpensNoSessionAtAllIsAFailureWithItsReason() throws Exception {
    var sshd = known(sshd().withMaxSessions(0));
    var connection = login(host(sshd));
    assertThatThrownBy(() -> connection.exec("status 0"))
        .isInstanceOf(RemoteException.CommandFailed.class)
        .hasMessageContaining("opens no session");
  }

  @Test
  void tellsWhatAConnectionCost() throws Exception {
    var connection = connected();
    var process = connection.exec("flood 100000");
    process.stderr().close();
    assertThat(process.stdout().readAllBytes()).hasSize(100000);
    var costs = connection.costs();
    assertThat(costs.connect()).isPositive();
    assertThat(costs.keyExchange()).isPositive();
    assertThat(costs.authentication()).isPositive();
    assertThat(costs.bytesSent()).isBetween(500L, 20_000L);
    assertThat(costs.bytesReceived()).isBetween(100_000L, 300_000L);
  }
}

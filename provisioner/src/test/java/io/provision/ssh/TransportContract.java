package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.model.Become;
import io.provision.model.Host;
import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.model.Secret;
import io.provision.model.SshAddress;
import io.provision.model.SshSettings;
import io.provision.remote.Connection;
import io.provision.remote.RemoteException;
import io.provision.remote.RemoteProcess;
import io.provision.remote.RemoteProcess.Exit;
import io.provision.remote.Transport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What every SSH library behind the port must do, and how it must fail. */
@Timeout(20)
public abstract class TransportContract {
  protected static final KeyPair HOST_KEY = TestKeys.ed25519();
  protected static final KeyPair USER_KEY = TestKeys.ed25519();
  private static final Attempts IMPATIENT =
      new Attempts(Duration.ofSeconds(5), Duration.ofSeconds(10), 4, Duration.ofMillis(10));

  @TempDir Path home;
  private final List<AutoCloseable> opened = new ArrayList<>();
  private Transport transport;

  protected abstract Transport transport(Workstation here, Attempts patience);

  @BeforeEach
  void start() throws IOException {
    Files.createDirectories(home.resolve(".ssh"));
    TestKeys.write(USER_KEY, key(), "");
    transport = transport(workstation(Map.of()), IMPATIENT);
    opened.add(transport);
  }

  @AfterEach
  void stop() throws Exception {
    for (var each : opened.reversed()) {
      each.close();
    }
  }

  protected Workstation workstation(Map<String, String> environment) {
    var none = home.resolve("none");
    return new Workstation(home, "tester", none, none, environment);
  }

  private Path key() {
    return home.resolve("keys/user");
  }

  private Path knownHosts() {
    return home.resolve(".ssh/known_hosts");
  }

  private FakeSshd sshd() {
    return new FakeSshd(HOST_KEY);
  }

  private FakeSshd started(FakeSshd sshd) throws IOException {
    opened.add(sshd);
    return sshd.start();
  }

  private FakeSshd known(FakeSshd sshd) throws IOException {
    started(sshd);
    know("[127.0.0.1]:" + sshd.port() + " " + TestKeys.line(HOST_KEY.getPublic()));
    return sshd;
  }

  private void know(String line) throws IOException {
    var text = Files.exists(knownHosts()) ? Files.readString(knownHosts()) : "";
    Files.writeString(knownHosts(), text + line + "\n");
  }

  private Settings settings(int port) {
    return new Settings(port);
  }

  /** An inventory's ssh section, as far as a test writes one. */
  private final class Settings {
    private final int port;
    private String address = "127.0.0.1";
    private List<Path> keys = List.of(key());
    private Optional<Secret> passphrase = Optional.empty();
    private Optional<Secret> password = Optional.empty();
    private Optional<String> jump = Optional.empty();
    private SshSettings.HostKeys hostKeys = SshSettings.HostKeys.STRICT;

    Settings(int port) {
      this.port = port;
    }

    Host host() {
      var ssh =
          new SshSettings(
              Optional.of("root"),
              port == 0 ? Optional.empty() : Optional.of(port),
              keys,
              passphrase,
              password,
              jump,
              hostKeys,
              Optional.empty(),
              Optional.empty(),
              new Become(Become.Method.NONE, Optional.empty()),
              SshSettings.Library.MINA);
      return new Host(
          new HostName("h1"),
          new SshAddress(address),
          Optional.empty(),
          Set.of(),
          Map.of(),
          List.of(),
          ssh,
          Map.of(),
          Map.of(),
          new Position("inventory.yml", 1, 1));
    }
  }

  private Connection login(Host host) throws RemoteException {
    var connection = transport.connect(host);
    opened.add(connection);
    return connection;
  }

  private Connection connected() throws Exception {
    return login(settings(known(sshd().welcoming(USER_KEY)).port()).host());
  }

  private static String text(java.io.InputStream stream) throws IOException {
    return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
  }

  // Commands

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
    assertThat(text(process.stdout())).isEqualTo("x");
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
    var waiting = Executors.newVirtualThreadPerTaskExecutor();
    opened.add(waiting);
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
    var sshd = known(sshd().welcoming(USER_KEY).withMaxSessions(1));
    var connection = login(settings(sshd.port()).host());
    var first = connection.exec("echo");
    var waiting = Executors.newVirtualThreadPerTaskExecutor();
    opened.add(waiting);
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
    var sshd = known(sshd().welcoming(USER_KEY).withMaxSessions(0));
    var connection = login(settings(sshd.port()).host());
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

  static RemoteException failure(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    var thrown = catchThrowableOfType(RemoteException.class, call);
    assertThat(thrown).isNotNull();
    return thrown;
  }

  static void finish(RemoteProcess process) throws Exception {
    assertThat(process.waitFor()).isEqualTo(new Exit.Status(0));
  }
}

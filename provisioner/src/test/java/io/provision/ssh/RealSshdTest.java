package io.provision.ssh;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.provision.remote.RemoteException.AuthFailed;
import io.provision.remote.RemoteException.HostKeyChanged;
import io.provision.remote.RemoteException.HostKeyUnknown;
import io.provision.remote.RemoteProcess.Exit;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;

/** The same promises against OpenSSH's own server and key tools, where they are installed. */
@EnabledIf("io.provision.ssh.OpenSshd#installed")
class RealSshdTest extends TransportFixture {
  private OpenSshd sshd;

  @BeforeEach
  void startServer() throws Exception {
    sshd = OpenSshd.in(home.resolve("sshd"));
    opened.add(sshd);
    sshd.authorize(TestKeys.line(USER_KEY.getPublic()));
  }

  private TestHost host() {
    return new TestHost("127.0.0.1", sshd.port()).user(sshd.user()).key(key());
  }

  private OpenSshd running(String... settings) throws Exception {
    sshd.start(settings);
    know("[127.0.0.1]:" + sshd.port() + " " + OpenSshd.publicKey("ed25519"));
    return sshd;
  }

  @Test
  void runsCommandsThroughARealShell() throws Exception {
    running();
    var connection = login(host());
    var process = connection.exec("cat; echo problem >&2; exit 3");
    process.stdin().write("in".getBytes(java.nio.charset.StandardCharsets.UTF_8));
    process.stdin().close();
    assertThat(text(process.stdout())).isEqualTo("in");
    assertThat(text(process.stderr())).isEqualTo("problem\n");
    assertThat(process.waitFor()).isEqualTo(new Exit.Status(3));
    assertThat(connection.exec("kill -KILL $$").waitFor()).isEqualTo(new Exit.Signal("KILL"));
  }

  @Test
  void readsMegabytesOfBothStreamsWhicheverIsReadFirst() throws Exception {
    running();
    int size = 4 << 20;
    var process =
        login(host())
            .exec("head -c %1$d /dev/zero >&2 & head -c %1$d /dev/zero; wait".formatted(size));
    assertThat(process.stderr().readAllBytes()).hasSize(size);
    assertThat(process.stdout().readAllBytes()).hasSize(size);
    assertThat(process.waitFor()).isEqualTo(new Exit.Status(0));
  }

  @Test
  void waitsForItsTurnUnderMaxSessions() throws Exception {
    running("MaxSessions 1");
    var connection = login(host());
    var threads = threads();
    var ends = new ArrayList<Future<Exit>>();
    for (int i = 0; i < 5; i++) {
      var command = "exit " + i;
      ends.add(threads.submit(() -> connection.exec(command).waitFor()));
    }
    for (int i = 0; i < 5; i++) {
      assertThat(ends.get(i).get()).isEqualTo(new Exit.Status(i));
    }
  }

  @Test
  void getsAllItsConnectionsPastMaxStartups() throws Exception {
    running("MaxStartups 2:100:2");
    var second = java.time.Duration.ofSeconds(1);
    transport =
        transport(
            Map.of(),
            new Attempts(second.multipliedBy(5), second.multipliedBy(9), 20, second.dividedBy(20)));
    var threads = threads();
    var ends = new ArrayList<Future<Exit>>();
    for (int i = 0; i < 6; i++) {
      ends.add(threads.submit(() -> login(host()).exec("exit 0").waitFor()));
    }
    for (var end : ends) {
      assertThat(end.get()).isEqualTo(new Exit.Status(0));
    }
  }

  @Test
  void aKilledServerProcessIsLost() throws Exception {
    running();
    var process = login(host()).exec("echo here; read -r go; kill -KILL $PPID; sleep 5");
    assertThat(process.stdout().readNBytes(5)).asString().isEqualTo("here\n");
    process.stdin().write('\n');
    process.stdin().flush();
    assertThat(process.stdout().read()).isEqualTo(-1);
    assertThatThrownBy(process::waitFor)
        .isInstanceOf(io.provision.remote.RemoteException.Lost.class);
  }

  @Test
  void believesWhatSshKeygenWrote() throws Exception {
    running();
    OpenSshd.keygen("-q", "-H", "-f", knownHosts().toString());
    assertThat(Files.readString(knownHosts())).startsWith("|1|").doesNotContain("127.0.0.1");
    login(host());
  }

  @Test
  void asksForTheAlgorithmTheHostIsKnownBy() throws Exception {
    sshd.start();
    know("[127.0.0.1]:" + sshd.port() + " " + OpenSshd.publicKey("rsa"));
    login(host());
    Files.delete(knownHosts());
    transport = transport(Map.of());
    know("[127.0.0.1]:" + sshd.port() + " " + OpenSshd.publicKey("ecdsa"));
    login(host());
  }

  @Test
  void refusesUnknownAndChangedKeysAndTheRemedyWorks() throws Exception {
    sshd.start();
    assertThatThrownBy(() -> login(host())).isInstanceOf(HostKeyUnknown.class);
    know("[127.0.0.1]:" + sshd.port() + " " + TestKeys.line(HOST_KEY.getPublic()));
    transport = transport(Map.of());
    var changed =
        org.assertj.core.api.Assertions.catchThrowableOfType(
            HostKeyChanged.class, () -> login(host().acceptNew()));
    var command = changed.remedy().replaceFirst(".*: (ssh-keygen [^;]*) and run again;.*", "$1");
    var shell = new ProcessBuilder("/bin/sh", "-c", command).redirectErrorStream(true).start();
    assertThat(shell.inputReader().readAllAsString()).contains("updated");
    transport = transport(Map.of());
    login(host().acceptNew());
  }

  @Test
  void usesKeysThatSshKeygenMade() throws Exception {
    running();
    for (var kind : List.of("ed25519 RFC4716 words", "ecdsa PEM", "rsa PEM words")) {
      var words = kind.split(" ");
      var word = words.length > 2 ? "pass word" : "";
      var file = home.resolve("keys/" + words[0]);
      OpenSshd.keygen(
          "-q", "-t", words[0], "-m", words[1], "-N", word, "-a", "1", "-f", file.toString());
      sshd.authorize(Files.readString(file.resolveSibling(words[0] + ".pub")));
      var host = host().key(file);
      login(word.isEmpty() ? host : host.passphrase(word));
      if (!word.isEmpty()) {
        assertThatThrownBy(() -> login(host))
            .isInstanceOf(AuthFailed.class)
            .hasMessageContaining(file.toString());
        assertThatThrownBy(() -> login(host.passphrase("wrong")))
            .isInstanceOf(AuthFailed.class)
            .hasMessageContaining("passphrase is wrong");
      }
    }
  }

  @Test
  void goesThroughARealJumpHost() throws Exception {
    running();
    var target = known(sshd());
    var hop = sshd.user() + "@127.0.0.1:" + sshd.port();
    var process = login(host(target).jump(hop)).exec("flood 1500000");
    assertThat(process.stdout().readAllBytes()).hasSize(1500000);
    assertThat(process.stderr().readAllBytes()).hasSize(1500000);
    finish(process);
  }

  private static void finish(io.provision.remote.RemoteProcess process) throws Exception {
    assertThat(process.waitFor()).isEqualTo(new Exit.Status(0));
  }
}

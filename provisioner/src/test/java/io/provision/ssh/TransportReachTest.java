package io.provision.ssh;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.remote.RemoteException.AuthFailed;
import io.provision.remote.RemoteException.HostKeyUnknown;
import io.provision.remote.RemoteException.Unreachable;
import io.provision.remote.RemoteProcess.Exit;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Ways to a host and what can be in the way, whatever the library. */
class TransportReachTest extends TransportFixture {

  private TestHost at(int port) {
    return new TestHost("127.0.0.1", port).key(key());
  }

  private FlakyPort flaky(FakeSshd sshd, int drops) throws Exception {
    var port = new FlakyPort(sshd.port(), drops);
    opened.add(port);
    return port;
  }

  @Test
  void aRefusedConnectionIsUnreachable() throws Exception {
    int nobody;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    assertThatThrownBy(() -> login(at(nobody)))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("127.0.0.1:" + nobody)
        .hasMessageContaining("refused");
  }

  @Test
  void aNameThatLeadsNowhereIsUnreachable() {
    assertThatThrownBy(() -> login(new TestHost("nowhere.invalid", 22).key(key())))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("nowhere.invalid");
  }

  @Test
  void triesAgainWhenDroppedBeforeTheLogin() throws Exception {
    var sshd = started(sshd());
    var port = flaky(sshd, MOST - 1);
    login(at(port.port()).acceptNew());
    assertThat(port.accepted).hasValue(MOST);
    assertThat(sshd.logins).hasValue(1);
  }

  @Test
  void givesUpOnAHostThatAlwaysDrops() throws Exception {
    var port = flaky(started(sshd()), Integer.MAX_VALUE);
    assertThatThrownBy(() -> login(at(port.port()).acceptNew()))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("closed the connection before the login");
    assertThat(port.accepted).hasValue(MOST);
  }

  /** bash can connect by itself, and leads to the server whatever the name. */
  private void proxy(String host, String command) throws Exception {
    Files.writeString(
        home.resolve(".ssh/config"), "Host %s\n  ProxyCommand %s\n".formatted(host, command));
    transport = transport(java.util.Map.of());
  }

  @Test
  void goesByTheProxyCommandAndByNoOtherWay() throws Exception {
    var sshd = started(sshd());
    know("[behind.invalid]:" + sshd.port() + " " + TestKeys.line(HOST_KEY.getPublic()));
    proxy(
        "behind.invalid",
        "bash -c 'exec 3<>/dev/tcp/127.0.0.1/%p; cat <&3 & exec cat >&3' \"%h\" %%");
    var connection = login(new TestHost("behind.invalid", sshd.port()).key(key()));
    var process = connection.exec("flood 3000000");
    assertThat(process.stdout().readAllBytes()).hasSize(3000000);
    assertThat(process.stderr().readAllBytes()).hasSize(3000000);
    assertThat(process.waitFor()).isEqualTo(new Exit.Status(0));
    connection.close();
    assertThat(sshd.logins).hasValue(1);
  }

  @Test
  void aProxyCommandThatFailsIsToldWithItsLastWordsAndNotGoneRound() throws Exception {
    var sshd = known(sshd());
    proxy("127.0.0.1", "sh -c 'echo no way there >&2; exit 3'");
    assertThatThrownBy(() -> login(at(sshd.port())))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("by ProxyCommand 'sh -c")
        .hasMessageContaining("exit status 3, no way there");
    proxy("127.0.0.1", "/no/such/program %h");
    assertThatThrownBy(() -> login(at(sshd.port()))).hasMessageContaining("/no/such/program");
    assertThat(sshd.connections).hasValue(0);
  }

  /**
   * Each waits its budget out, all of them at the same time; long enough that a busy machine comes
   * as far as where the host stops.
   */
  @Test
  void whoeverSaysNothingTakesOneBudgetAndIsToldAsThat() throws Exception {
    Files.writeString(
        home.resolve(".ssh/config"),
        """
        Host behind.invalid
          ProxyCommand sleep 100
        Host patient
          HostName 127.0.0.1
          ConnectTimeout 1
        """);
    var waiting = threads();
    var all = new ArrayList<Future<?>>();
    for (var each : MuteHost.values()) {
      all.add(
          waiting.submit(() -> {
            switch (each) {
              case PROXY -> proxyIsMute();
              case TCP -> portIsMute();
              case KEY_EXCHANGE -> keyExchangeStops();
              case LOGIN -> loginIsNeverDecided();
              case JUMP -> allBehindAMuteJumpHostWaitTogether();
              case OF_SSH_CONFIG -> theBudgetIsThatOfSshConfig();
              case OF_INVENTORY -> theBudgetOfTheInventoryIsTheFirst();
            }
            return each;
          }));
    }
    for (var each : all) {
      each.get();
    }
  }

  private enum MuteHost {
    PROXY,
    TCP,
    KEY_EXCHANGE,
    LOGIN,
    JUMP,
    OF_SSH_CONFIG,
    OF_INVENTORY
  }

  private void proxyIsMute() {
    assertThat(late(new TestHost("behind.invalid", 1).key(key())))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("behind ProxyCommand 'sleep 100'")
        .hasMessageContaining("says nothing (timed out after 2 s)");
  }

  private io.provision.remote.RemoteException late(TestHost host) {
    return late(host, Duration.ofSeconds(2));
  }

  private io.provision.remote.RemoteException late(TestHost host, Duration budget) {
    var attempts = new Attempts(Duration.ofSeconds(5), budget, 6, Duration.ofMillis(10));
    var hasty = transport(java.util.Map.of(), attempts);
    return catchThrowableOfType(
        io.provision.remote.RemoteException.class, () -> hasty.connect(host.host()));
  }

  private void portIsMute() throws Exception {
    try (var mute = new MutePort("")) {
      assertThat(late(at(mute.port())))
          .isInstanceOf(Unreachable.class)
          .hasMessageContaining(
              "accepts the connection and then says nothing (timed out after 2 s)");
      assertThat(mute.accepted).hasValue(1);
    }
  }

  private void keyExchangeStops() throws Exception {
    try (var mute = new MutePort("SSH-2.0-OpenSSH_9.9\r\n")) {
      assertThat(late(at(mute.port())))
          .isInstanceOf(Unreachable.class)
          .hasMessageContaining("stopped answering in the key exchange (timed out after 2 s)");
      assertThat(mute.accepted).hasValue(1);
    }
  }

  private void loginIsNeverDecided() throws Exception {
    var sshd = known(sshd().undecided());
    assertThat(late(at(sshd.port()), Duration.ofSeconds(4)))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("does not decide on the login (timed out after 4 s)");
  }

  private void allBehindAMuteJumpHostWaitTogether() throws Exception {
    try (var mute = new MutePort("")) {
      var waiting = threads();
      var hasty =
          transport(
              java.util.Map.of(),
              new Attempts(Duration.ofSeconds(5), Duration.ofSeconds(2), 6, Duration.ofMillis(10)));
      var all = new ArrayList<Future<?>>();
      for (int i = 0; i < 5; i++) {
        var host = at(2000 + i).jump("127.0.0.1:" + mute.port()).host();
        all.add(
            waiting.submit(() ->
                assertThatThrownBy(() -> hasty.connect(host))
                    .hasMessageContaining("127.0.0.1:" + mute.port() + " accepts")
                    .hasMessageContaining("says nothing")));
      }
      for (var each : all) {
        each.get();
      }
      assertThat(mute.accepted).hasValue(1);
    }
  }

  private void theBudgetIsThatOfSshConfig() throws Exception {
    try (var mute = new MutePort("")) {
      assertThat(late(new TestHost("patient", mute.port()).key(key())))
          .hasMessageContaining("timed out after 1 s");
    }
  }

  private void theBudgetOfTheInventoryIsTheFirst() throws Exception {
    try (var mute = new MutePort("")) {
      var host = new TestHost("patient", mute.port()).key(key());
      assertThat(late(host.timeout(Duration.ofMillis(700))))
          .hasMessageContaining("timed out after 0.7 s");
    }
  }

  @Test
  void somethingElseThanSshIsUnreachable() throws Exception {
    try (var socket = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      var _ =
          Thread.ofVirtual()
              .start(() -> {
                while (!socket.isClosed()) {
                  try (var web = socket.accept()) {
                    web.getOutputStream()
                        .write(
                            "HTTP/1.1 400 Bad Request\r\n\r\n"
                                .getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                  } catch (java.io.IOException e) {
                    return;
                  }
                }
              });
      assertThatThrownBy(() -> login(at(socket.getLocalPort()))).isInstanceOf(Unreachable.class);
    }
  }

  @Test
  void goesThroughAJumpHostAndVerifiesBoth() throws Exception {
    var target = known(sshd());
    var bastion = started(sshd().forwarding());
    var through = at(target.port()).jump("jumper@127.0.0.1:" + bastion.port());
    var unknown = catchThrowableOfType(HostKeyUnknown.class, () -> login(through));
    assertThat(unknown.port()).isEqualTo(bastion.port());
    assertThat(target.connections).hasValue(0);

    transport.trust(java.util.List.of(unknown));
    var process = login(through).exec("flood 3000000");
    assertThat(process.stdout().readAllBytes()).hasSize(3000000);
    assertThat(process.stderr().readAllBytes()).hasSize(3000000);
    assertThat(process.waitFor()).isEqualTo(new Exit.Status(0));
    assertThat(target.logins).hasValue(1);
  }

  @Test
  void aPortThatTheHostReachesIsReachedThroughIt() throws Exception {
    var host = known(sshd().forwarding());
    try (var socket = new ServerSocket(0, 9, InetAddress.getLoopbackAddress())) {
      var _ =
          Thread.ofVirtual()
              .start(() -> {
                try (var inside = socket.accept()) {
                  inside.getOutputStream().write("inside".getBytes(UTF_8));
                } catch (java.io.IOException _) {
                  return;
                }
              });
      var port = login(at(host.port())).forward("127.0.0.1", socket.getLocalPort());
      assertThat(port).isNotEqualTo(socket.getLocalPort());
      try (var here = new java.net.Socket(InetAddress.getLoopbackAddress(), port)) {
        assertThat(new String(here.getInputStream().readAllBytes(), UTF_8)).isEqualTo("inside");
      }
    }
  }

  @Test
  void verifiesATargetBehindAJumpHost() throws Exception {
    var target = started(sshd());
    var bastion = known(sshd().forwarding());
    var unknown =
        catchThrowableOfType(
            HostKeyUnknown.class,
            () -> login(at(target.port()).jump("127.0.0.1:" + bastion.port())));
    assertThat(unknown.port()).isEqualTo(target.port());
    assertThat(target.keysShown).hasValue(0);
  }

  @Test
  void logsInToAJumpHostOnceForAllBehindIt() throws Exception {
    var bastion = known(sshd().forwarding());
    var threads = threads();
    var targets = new ArrayList<FakeSshd>();
    var ends = new ArrayList<Future<Exit>>();
    for (int i = 0; i < 6; i++) {
      var target = known(sshd());
      targets.add(target);
    }
    for (var target : targets) {
      var host = at(target.port()).jump("127.0.0.1:" + bastion.port());
      ends.add(threads.submit(() -> login(host).exec("status 0").waitFor()));
    }
    for (var end : ends) {
      assertThat(end.get()).isEqualTo(new Exit.Status(0));
    }
    assertThat(bastion.logins).hasValue(1);
  }

  @Test
  void goesThroughAChainOfJumpHosts() throws Exception {
    var target = known(sshd());
    var inner = known(sshd().forwarding());
    var outer = known(sshd().forwarding());
    Files.writeString(
        home.resolve(".ssh/config"),
        """
        Host outer
          HostName 127.0.0.1
          Port %d
        Host inner
          HostName 127.0.0.1
          Port %d
          ProxyJump outer
        """
            .formatted(outer.port(), inner.port()));
    var byConfig = login(at(target.port()).jump("inner"));
    assertThat(byConfig.exec("status 0").waitFor()).isEqualTo(new Exit.Status(0));
    var byList = login(at(target.port()).jump("outer,127.0.0.1:" + inner.port()));
    assertThat(byList.exec("status 4").waitFor()).isEqualTo(new Exit.Status(4));
    assertThat(outer.forwarded).contains("127.0.0.1:" + inner.port());
    assertThat(inner.forwarded).contains("127.0.0.1:" + target.port());
  }

  @Test
  void logsInAnewWhenTheJumpHostWasLost() throws Exception {
    var target = known(sshd());
    var bastion = known(sshd().forwarding());
    var through = at(target.port()).jump("127.0.0.1:" + bastion.port());
    var process = login(through).exec("hang");
    bastion.dropAll();
    assertThatThrownBy(process::waitFor)
        .isInstanceOf(io.provision.remote.RemoteException.Lost.class);
    assertThat(login(through).exec("status 0").waitFor()).isEqualTo(new Exit.Status(0));
    assertThat(bastion.logins).hasValue(2);
  }

  @Test
  void aTargetThatTheJumpHostDoesNotReachIsUnreachable() throws Exception {
    int nobody;
    try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      nobody = socket.getLocalPort();
    }
    var bastion = known(sshd().forwarding());
    assertThatThrownBy(() -> login(at(nobody).jump("127.0.0.1:" + bastion.port())))
        .isInstanceOf(Unreachable.class)
        .hasMessageContaining("through")
        .hasMessageContaining("" + bastion.port());
  }

  @Test
  void neverGivesAJumpHostThePasswordOfItsTarget() throws Exception {
    var target = known(new FakeSshd(HOST_KEY).withPassword("hunter2"));
    var bastion = known(new FakeSshd(HOST_KEY).withPassword("other").forwarding());
    var through = at(target.port()).key().password("hunter2").jump("127.0.0.1:" + bastion.port());
    assertThatThrownBy(() -> login(through))
        .isInstanceOf(AuthFailed.class)
        .hasMessageContaining("" + bastion.port());
    assertThat(bastion.refusedPasswords).isEmpty();
  }
}

package io.provision.steps.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.remote.Call;
import io.provision.remote.Shells;
import io.provision.resource.LocalHost;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Listeners that answer those who know them, and go; each in every shell. */
final class WayScriptsTest {
  private static final String HERE = "127.0.0.1";
  private static final String TOKEN = "provision-test";

  @TempDir Path directory;
  private int free;
  private String pid = "";

  static List<List<String>> shells() {
    return Shells.here();
  }

  @BeforeEach
  void aFreePort() throws IOException {
    try (var socket = new ServerSocket(0, 1, InetAddress.getByName(HERE))) {
      free = socket.getLocalPort();
    }
  }

  @AfterEach
  void nobodyListens() {
    var _ = host(List.of("/bin/sh")).run(Call.of(WayScripts.END, pid, TOKEN));
  }

  private LocalHost host(List<String> shell) {
    return new LocalHost(directory).in(shell.toArray(String[]::new));
  }

  private Listening listen(LocalHost host, String life, String... ports) {
    var words = new ArrayList<>(List.of(life, TOKEN, HERE));
    words.addAll(List.of(ports));
    var listening = Listening.read(host.run(new Call(WayScripts.LISTEN, words)));
    if (!listening.pid().isEmpty()) {
      pid = listening.pid();
    }
    return listening;
  }

  private static Reached reach(LocalHost host, String token, String... peers) {
    var words = new ArrayList<>(List.of("1", token, HERE));
    words.addAll(List.of(peers));
    return Reached.read(host.run(new Call(WayScripts.REACH, words)));
  }

  private static boolean lives(String pid) throws IOException {
    var status = Path.of("/proc", pid, "status");
    return Files.exists(status) && !Files.readString(status).contains("State:\tZ");
  }

  @ParameterizedTest
  @MethodSource("shells")
  void whoListensIsReachedAndGoes(List<String> shell) throws Exception {
    var host = host(shell);
    var tcp = free + "/tcp";
    var udp = free + "/udp";
    var listening = listen(host, "60", tcp, udp);
    assertThat(listening.open()).containsExactly(tcp, udp);
    assertThat(listening.possible()).isTrue();
    var reached = reach(host, TOKEN, HERE + "," + tcp + "," + udp + ",mtu=1500");
    assertThat(reached.of(HERE, tcp)).isEqualTo("reached");
    assertThat(reached.of(HERE, udp)).isEqualTo("reached");
    assertThat(reached.packets().get(HERE).allPass()).isTrue();
    assertThat(reach(host, "another", HERE + "," + udp).of(HERE, udp))
        .as("it answers nobody else")
        .isEqualTo("silent");
    var first = listening.pid();
    var second = listen(host, "60", tcp, udp);
    assertThat(second.busy()).containsExactly(tcp, udp);
    assertThat(second.pid()).isEmpty();
    var _ = host.run(Call.of(WayScripts.END, first, "another"));
    assertThat(lives(first)).isTrue();
    var _ = host.run(Call.of(WayScripts.END, first, TOKEN));
    while (lives(first)) {
      Thread.sleep(10);
    }
    assertThat(reach(host, TOKEN, HERE + "," + tcp).of(HERE, tcp)).isEqualTo("refused");
  }

  /** Or it would answer whoever writes the address of somebody else for his own. */
  @Test
  void aListenerAnswersNobodyWhoDoesNotKnowTheRun() throws Exception {
    var _ = listen(host(List.of("/bin/sh")), "60", free + "/udp");
    try (var socket = new DatagramSocket(0, InetAddress.getByName(HERE))) {
      socket.setSoTimeout(30_000);
      for (var text : List.of("what", "provision-tes", "provision-test1 x", TOKEN + " known")) {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        socket.send(new DatagramPacket(bytes, bytes.length, InetAddress.getByName(HERE), free));
      }
      var answer = new DatagramPacket(new byte[200], 200);
      socket.receive(answer);
      assertThat(new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8))
          .as("the first that is answered")
          .isEqualTo("%s %d".formatted(TOKEN, (TOKEN + " known").length()));
    }
  }

  @Test
  void aListenerGoesByItself() throws Exception {
    var listening = listen(host(List.of("/bin/sh")), "1", free + "/tcp");
    while (lives(listening.pid())) {
      Thread.sleep(20);
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void whoAnswersSomethingElseIsNotOurs(List<String> shell) throws Exception {
    try (var stranger = new DatagramSocket(free, InetAddress.getByName(HERE))) {
      var thread =
          Thread.ofVirtual()
              .start(() -> {
                var packet = new DatagramPacket(new byte[2000], 2000);
                try {
                  while (true) {
                    stranger.receive(packet);
                    var text = "what?".getBytes(StandardCharsets.UTF_8);
                    stranger.send(new DatagramPacket(text, text.length, packet.getSocketAddress()));
                  }
                } catch (IOException _) {
                  return; // the test is over
                }
              });
      var udp = free + "/udp";
      assertThat(reach(host(shell), TOKEN, HERE + "," + udp + ",mtu=1500").of(HERE, udp))
          .isEqualTo("silent");
      assertThat(thread.isAlive()).as("it has answered all the while").isTrue();
    }
  }

  @ParameterizedTest
  @MethodSource("shells")
  void nonsenseIsSaidToBe(List<String> shell) {
    var host = host(shell);
    var listening = listen(host, "60", "nonsense", free + "/tcp");
    assertThat(listening.open()).containsExactly(free + "/tcp");
    assertThat(listening.unusable()).singleElement().asString().startsWith("nonsense ");
    assertThat(reach(host, TOKEN, "nowhere," + free + "/tcp").of("nowhere", free + "/tcp"))
        .startsWith("failed");
    assertThat(host.run(Call.of(WayScripts.END, "1; exit 3", TOKEN)).status()).isZero();
    assertThat(host.run(Call.of(WayScripts.END, "", TOKEN)).status()).isZero();
  }

  /** Nothing is found to be wrong by what is not there. */
  @ParameterizedTest
  @MethodSource("shells")
  void aHostWithoutPerlSaysSo(List<String> shell) {
    var words = new ArrayList<>(List.of("/usr/bin/env", "PATH=/nonexistent"));
    words.addAll(shell);
    var without = listen(host(words), "60", free + "/tcp");
    assertThat(without.possible()).isFalse();
    assertThat(without.open()).isEmpty();
    assertThat(reach(host(words), TOKEN, HERE + "," + free + "/tcp").states()).isEmpty();
  }
}

package io.provision.steps.kubernetes.dns;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.Host;
import io.provision.remote.Call;
import io.provision.remote.Frame;
import io.provision.resource.LocalHost;
import io.provision.step.Check;
import io.provision.step.Known;
import io.provision.step.Need;
import io.provision.step.Observations;
import io.provision.step.Observed;
import io.provision.step.Question;
import io.provision.step.Wait;
import io.provision.steps.kubernetes.Cases;
import io.provision.steps.kubernetes.DnsService;
import io.provision.steps.kubernetes.TestDistribution;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A cluster is ready where its DNS answers on every node. */
class ClusterDnsTest {
  private static final String DOMAIN = "tenletters.local"; // ten is a newline on the wire

  private static final Optional<DnsService> DNS = new TestDistribution().dns();

  @TempDir Path directory;

  /** A DNS that answers every packet by these flags and counts. */
  private record Server(DatagramSocket socket, AtomicReference<byte[]> asked)
      implements AutoCloseable {
    static Server saying(byte... afterId) throws IOException {
      var socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
      var server = new Server(socket, new AtomicReference<>(new byte[0]));
      Thread.ofVirtual().start(() -> server.serve(afterId));
      return server;
    }

    private void serve(byte... afterId) {
      var packet = new DatagramPacket(new byte[600], 600);
      try {
        while (true) {
          packet.setLength(600);
          socket.receive(packet);
          asked.set(java.util.Arrays.copyOf(packet.getData(), packet.getLength()));
          var answer = new ByteArrayOutputStream();
          answer.write(asked.get(), 0, 2);
          answer.writeBytes(afterId);
          answer.write(asked.get(), 8, Math.max(0, asked.get().length - 8));
          socket.send(
              new DatagramPacket(answer.toByteArray(), answer.size(), packet.getSocketAddress()));
        }
      } catch (IOException _) {
        // it was closed
      }
    }

    String port() {
      return String.valueOf(socket.getLocalPort());
    }

    @Override
    public void close() {
      socket.close();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/bin/dash", "/bin/bash", "/bin/busybox sh"})
  void itIsAskedInOnePacketForItsOwnAddress(String shell) throws IOException {
    if (!Files.isExecutable(Path.of(shell.split(" ")[0]))) {
      return;
    }
    try (var server = Server.saying(new byte[] {(byte) 0x85, 0, 0, 1, 0, 1})) {
      assertThat(answers(new LocalHost(directory).in(shell.split(" ")), server.port())).isTrue();
      var name = "\u0008kube-dns\u000bkube-system\u0003svc\ntenletters\u0005local\0";
      assertThat(new String(server.asked().get(), StandardCharsets.ISO_8859_1))
          .isEqualTo("ps\u0001\0\0\u0001\0\0\0\0\0\0" + name + "\0\u0001\0\u0001");
    }
  }

  @Test
  void anErrorNoAddressAndNobodyAreNoAnswer() throws IOException {
    var host = new LocalHost(directory);
    for (var said :
        List.of(
            new byte[] {(byte) 0x85, 3, 0, 1, 0, 0},
            new byte[] {(byte) 0x81, 2, 0, 1, 0, 0},
            new byte[] {(byte) 0x85, 0, 0, 1, 0, 0},
            new byte[] {0x05, 0, 0, 1, 0, 1})) {
      try (var server = Server.saying(said)) {
        assertThat(answers(host, server.port())).isFalse();
      }
    }
    String port;
    try (var closed = Server.saying()) {
      port = closed.port();
    }
    assertThat(answers(host, port)).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"exit 1", "head -c 3000000 /dev/zero", "echo '$(id)'", "printf 'ps\\200'"})
  void garbageAndMegabytesAreNoAnswer(String bash) throws IOException {
    assertThat(answers(new LocalHost(directory).program("bash", bash), "1")).isFalse();
  }

  @Test
  void aNodeThatDidNotJoinIsNotAsked() {
    var call = Call.of(ClusterDns.ANSWERS, "127.0.0.1", DOMAIN, "1", directory + "/none");
    var host = new LocalHost(directory).program("bash", "touch " + directory + "/asked");
    assertThat(host.run(call).ok()).isFalse();
    assertThat(directory.resolve("asked")).doesNotExist();
  }

  private boolean answers(LocalHost host, String port) throws IOException {
    var joined = Files.writeString(directory.resolve("joined"), "x").toString();
    return host.run(Call.of(ClusterDns.ANSWERS, "127.0.0.1", DOMAIN, port, joined)).ok();
  }

  @Test
  void itIsWaitedForWhereTheInventoryPutsIt() {
    assertThat(check(Cases.server(1), DNS, false, new Cases.Settled()))
        .isInstanceOfSatisfying(
            Check.NotYet.class,
            notYet -> {
              assertThat(notYet.awaited()).contains("cluster's DNS at 10.43.0.10");
              assertThat(((Wait.OnHost) notYet.by()).until().arguments())
                  .containsExactly(
                      "/test/kubectl",
                      "/test/admin.conf",
                      "cp1",
                      "10.43.0.10",
                      "test.local",
                      "53",
                      "/test/kubelet.conf");
              assertThat(((Wait.OnHost) notYet.by()).evidence().arguments())
                  .containsExactly(
                      "/test/kubectl",
                      "/test/admin.conf",
                      "test-server.service",
                      "10.43.0.10",
                      "cp1",
                      "8472");
            });
    assertThat(check(Cases.server(1), DNS, true, new Cases.Settled()))
        .isInstanceOf(Check.InSync.class);
    assertThat(check(Cases.server(1), Optional.empty(), false, new Cases.Settled()))
        .isInstanceOf(Check.Skipped.class);
  }

  @Test
  void aPodThatDoesNotComeUpIsTheReason() {
    var pod = "coredns-1 on n1: Pending; ImagePullBackOff: Back-off pulling image \"x\"";
    var text =
        new LocalHost(directory)
            .run(
                Call.of(
                    new io.provision.remote.ShellFunction(
                        "explain_it",
                        "waiting_node_pods() { :; }\nadmin_kubectl() { case \"$*\" in *pods*) echo '%s' ;; *) echo 'coredns-1: Failed: no x' ;; esac; }\n"
                                .formatted(pod)
                            + ClusterDns.EXPLAIN.body()),
                    "/test/kubectl",
                    "/test/admin.conf",
                    "test-server.service",
                    "10.43.0.10",
                    "n1",
                    "4789"))
            .output();
    assertThat(text.lines())
        .startsWith("reason: " + pod)
        .anyMatch(line -> line.startsWith("hint: ") && line.contains("image registry"))
        .endsWith("coredns-1: Failed: no x");
  }

  @Test
  void anAgentWithoutAnAnswerHasTheReasonThatTheServersSaw() {
    var server = Cases.server(1);
    var agent = Cases.agent(1);
    var silent = new Cases.Settled().never(server, ClusterDns.ANSWERED);
    assertThat(
            new ClusterDns(new TestDistribution().alone())
                .needs(Cases.on(agent, Cases.inventory(server, agent))))
        .contains(Need.some(ClusterDns.ANSWERED, List.of(server)));
    assertThat(check(agent, DNS, false, silent))
        .isInstanceOfSatisfying(
            Check.Refused.class,
            refused ->
                assertThat(refused.what())
                    .isEqualTo(
                        "the cluster's DNS at 10.43.0.10 does not answer here either"
                            + " (cp1: no route to host)"));
    assertThat(check(agent, DNS, true, silent)).isInstanceOf(Check.InSync.class);

    var answered = new Cases.Settled().has(server, ClusterDns.ANSWERED, true);
    assertThat(check(agent, DNS, false, answered)).isInstanceOf(Check.NotYet.class);
    assertThat(check(server, DNS, true, new Cases.Settled()))
        .isEqualTo(new Check.InSync(Observed.of(ClusterDns.ANSWERED, true)));
  }

  @Test
  void whereAServerHasAnAnswerTheAgentsOwnWayIsTheReason() {
    var text =
        new LocalHost(directory)
            .run(
                Call.of(
                    ClusterDns.EXPLAIN,
                    "/test/kubectl",
                    "/test/admin.conf",
                    "test-agent.service",
                    "10.43.0.10",
                    "w1",
                    "4789"))
            .output();
    assertThat(text)
        .contains(
            "UDP port 4789",
            "from 10.43.0.10 here, although a server gets one",
            "journalctl -u test-agent.service");
  }

  private static Check check(Host host, Optional<DnsService> dns, boolean answers, Known known) {
    var server = Cases.server(1);
    var target =
        Cases.on(
            host, host.equals(server) ? Cases.inventory(server) : Cases.inventory(server, host));
    var usual = new TestDistribution();
    var step =
        new ClusterDns(
            new TestDistribution(usual.kubectl(), usual.kubeletKubeconfig(), dns).alone());
    var seen = new Observations.Builder();
    for (var question : step.probes(target).questions()) {
      put(seen, question, answers);
    }
    return step.check(target, seen.build(), known);
  }

  static <A> void put(Observations.Builder seen, Question<A> question, boolean ok) {
    var frame = new Frame(ok ? 0 : 1, "");
    seen.put(question, question.kind().read(List.of(question), frame).getFirst());
  }
}

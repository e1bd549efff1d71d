package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.provision.desk.DeskException;
import io.provision.model.Secret;
import io.provision.model.SecretUnavailable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Posts to servers of every manner; the time limit only ends a hanging test. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
final class HttpWebhooksTest {
  private static final String CANARY = "T0KEN-that-nobody-sees";
  private static final Duration LONG = Duration.ofMinutes(1);

  /** So short that whoever answers nothing is given up. */
  private static final Duration SHORT = Duration.ofMillis(300);

  @TempDir Path directory;
  private final List<Server> servers = new ArrayList<>();
  private final List<Duration> pauses = new CopyOnWriteArrayList<>();

  @AfterEach
  void close() throws IOException {
    for (var server : servers) {
      server.close();
    }
  }

  private HttpWebhooks webhooks(Duration answer) {
    return new HttpWebhooks(Map.of(), answer, pauses::add);
  }

  private Server server(Manner... manners) throws IOException {
    var server = new Server(List.of(manners));
    servers.add(server);
    return server;
  }

  private static Secret url(Server server) {
    return Secret.of("http://127.0.0.1:%d/services/%s?x=1".formatted(server.port(), CANARY));
  }

  /** What is said of it, in which there is nothing of the URL. */
  private static String said(@Nullable DeskException e) {
    assertThat(e).isNotNull();
    assertThat(e.getCause()).isNull();
    var said = e.what() + ". " + e.remedy();
    assertThat(said).doesNotContain(CANARY, "services", "127.0.0.1");
    return said;
  }

  private String fails(Duration answer, Secret url) {
    return said(
        catchThrowableOfType(
            DeskException.class, () -> webhooks(answer).post(url, "{\"text\":\"ü\"}")));
  }

  @Test
  void whatIsToldArrivesOnceAsItIs() throws Exception {
    for (var status : List.of("200 OK", "204 No Content")) {
      var server = server(answering(status));
      webhooks(LONG).post(url(server), "{\"text\":\"ü\"}");
      assertThat(server.requests).hasSize(1);
      assertThat(server.requests.getFirst())
          .startsWith("POST /services/" + CANARY + "?x=1 HTTP/1.1\r\n")
          .containsIgnoringCase("Content-Type: application/json\r\n")
          .endsWith("\r\n\r\n{\"text\":\"ü\"}");
    }
    assertThat(pauses).isEmpty();
  }

  @Test
  void whatMayPassIsTriedThreeTimesAndThenGivenUp() throws Exception {
    for (var status : List.of("500 Internal Server Error", "503 No", "429 Too Many Requests")) {
      pauses.clear();
      var server = server(answering(status));
      assertThat(fails(LONG, url(server))).contains("status " + status.substring(0, 3));
      assertThat(server.requests).hasSize(3);
      assertThat(pauses).containsExactly(Duration.ofSeconds(1), Duration.ofSeconds(3));
    }
    var better = server(answering("502 Bad Gateway"), answering("200 OK"));
    webhooks(LONG).post(url(better), "{}");
    assertThat(better.requests).hasSize(2);
  }

  @Test
  void whatWouldBeTheSameAnotherTimeIsTriedOnce() throws Exception {
    for (var status : List.of("400 Bad Request", "403 Forbidden", "404 Not Found", "410 Gone")) {
      var server = server(answering(status));
      assertThat(fails(LONG, url(server))).contains("status " + status.substring(0, 3));
      assertThat(server.requests).hasSize(1);
    }
  }

  /** Else what is told would be told to somebody else. */
  @Test
  void aRedirectIsNotFollowed() throws Exception {
    for (var status : List.of("301 M", "302 F", "303 S", "307 T", "308 P")) {
      var elsewhere = server(answering("200 OK"));
      var to = "\r\nLocation: http://127.0.0.1:%d/%s".formatted(elsewhere.port(), CANARY);
      var server = server(answering(status + to));
      assertThat(fails(LONG, url(server))).contains("it leads elsewhere, which is not followed");
      assertThat(server.requests).hasSize(1);
      assertThat(elsewhere.requests).isEmpty();
    }
  }

  @Test
  void whoAnswersNoHttpOrHangsUpIsGivenUp() throws Exception {
    for (Manner manner :
        List.<Manner>of(
            (_, out) -> out.write("garbage\r\n\r\n".repeat(100).getBytes(StandardCharsets.UTF_8)),
            (_, out) -> out.write("HTTP/1.1 200".getBytes(StandardCharsets.UTF_8)),
            (_, _) -> {})) {
      var server = server(manner);
      assertThat(fails(LONG, url(server))).contains("not HTTP, or it hung up");
      assertThat(server.requests).hasSize(3);
    }
  }

  /** It is not read: the status says all there is to know. */
  @Test
  void anAnswerThatNeverEndsIsTakenByItsStatus() throws Exception {
    var server =
        server((_, out) -> {
          out.write(
              "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n"
                  .getBytes(StandardCharsets.UTF_8));
          forEver(out, "megabytes of " + CANARY);
        });
    webhooks(LONG).post(url(server), "{}");
    assertThat(server.requests).hasSize(1);
  }

  @Test
  void headersThatNeverEndAreNoAnswer() throws Exception {
    var server =
        server((_, out) -> {
          out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.UTF_8));
          forEver(out, "X-%s: y\r\n".formatted(CANARY));
        });
    assertThat(fails(Duration.ofSeconds(5), url(server))).isNotEmpty();
  }

  @Test
  void whoNeverAnswersIsGivenUpInTime() throws Exception {
    var server = server((in, _) -> assertThat(in.read()).isNegative()); // until it is closed
    assertThat(fails(SHORT, url(server))).contains("no answer within");
    assertThat(pauses).hasSize(2);
  }

  @Test
  void whoIsNotThereIsNotReached() throws Exception {
    var server = server(answering("200 OK"));
    server.close();
    assertThat(fails(LONG, url(server))).contains("it is not reached");
    assertThat(fails(LONG, Secret.of("https://127.0.0.1:%d/%s".formatted(server.port(), CANARY))))
        .contains("it is not reached");
  }

  @Test
  void plainHttpIsShownToNoProxy() throws Exception {
    var server = server(answering("200 OK"));
    var proxy = server(answering("200 OK"));
    var through = Map.of("http_proxy", "http://127.0.0.1:" + proxy.port());
    new HttpWebhooks(through, LONG, pauses::add).post(url(server), "{}");
    assertThat(server.requests).hasSize(1);
    assertThat(proxy.requests).isEmpty();
  }

  @Test
  void whoseCertificateNobodyVouchesForIsToldNothing() throws Exception {
    var told = new CopyOnWriteArrayList<String>();
    var server = HttpsServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(ownCertificate()));
    server.createContext(
        "/",
        exchange -> {
          told.add(exchange.getRequestURI().toString());
          exchange.sendResponseHeaders(200, -1);
          exchange.close();
        });
    server.start();
    try {
      var port = server.getAddress().getPort();
      assertThat(fails(LONG, Secret.of("https://127.0.0.1:%d/%s".formatted(port, CANARY))))
          .contains("its certificate is not to be trusted");
      assertThat(told).isEmpty();
    } finally {
      server.stop(0);
    }
  }

  private SSLContext ownCertificate() throws Exception {
    var store = directory.resolve("store.p12");
    var keytool = Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
    var process =
        new ProcessBuilder(
                keytool,
                "-genkeypair",
                "-alias",
                "a",
                "-keyalg",
                "EC",
                "-dname",
                "CN=localhost",
                "-ext",
                "san=ip:127.0.0.1",
                "-storetype",
                "PKCS12",
                "-storepass",
                "changeit",
                "-keystore",
                store.toString())
            .redirectErrorStream(true)
            .start();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(said).isZero();
    var keys = KeyStore.getInstance("PKCS12");
    try (var in = Files.newInputStream(store)) {
      keys.load(in, "changeit".toCharArray());
    }
    var managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    managers.init(keys, "changeit".toCharArray());
    var context = SSLContext.getInstance("TLS");
    context.init(managers.getKeyManagers(), null, null);
    return context;
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        CANARY,
        "https:///" + CANARY,
        "https:" + CANARY,
        "https://example.org/%" + CANARY,
        "https://example.org/" + CANARY + "\n",
        "https://example.org/ " + CANARY,
        "https://user:" + CANARY + "@example.org/",
        "https://example.org:99999/" + CANARY,
        "https://example.org:0/" + CANARY,
        "https://example.org/x#" + CANARY,
        "ftp://example.org/" + CANARY,
        "file:///" + CANARY,
        "http://example.org/" + CANARY,
        "http://8.8.8.8/" + CANARY,
        "http://0.0.0.0/" + CANARY,
        "http://[::ffff:8.8.8.8]/" + CANARY,
        "http://[2001:db8::1]/" + CANARY,
        "http://10.0.0.5.example.org/" + CANARY,
        "http://172.32.0.1/" + CANARY
      })
  void whatNothingWouldBeSentToIsRefused(String url) {
    for (var secret : List.of(Secret.of(url), Secret.of(url + "x".repeat(3000)))) {
      assertThat(
              said(catchThrowableOfType(DeskException.class, () -> webhooks(LONG).require(secret))))
          .contains("webhook")
          .doesNotContain("example.org");
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "https://example.org/services/a/b",
        "HTTPS://example.org:8443/",
        "https://example.org:65535/",
        "http://localhost:1/",
        "http://127.0.0.1:1/",
        "http://[::1]:1/",
        "http://10.1.2.3/",
        "http://172.16.0.1/",
        "http://192.168.1.1/",
        "http://[fd00::1]/",
        "http://[fe80::1]/"
      })
  void whatIsVerifiedOrNearIsTaken(String url) throws Exception {
    webhooks(LONG).require(Secret.of(url));
  }

  @Test
  void aUrlThatCannotBeHadIsSaidByItsReference() {
    var none =
        Secret.from(
            "${env:HOOK}",
            () -> {
              throw new SecretUnavailable("${env:HOOK}", "it is not set", "Set it.");
            });
    assertThat(said(catchThrowableOfType(DeskException.class, () -> webhooks(LONG).require(none))))
        .contains("${env:HOOK}", "it is not set", "Set it.");
  }

  private interface Manner {
    void answer(InputStream in, OutputStream out) throws IOException;
  }

  private static Manner answering(String status) {
    return (_, out) ->
        out.write(
            "HTTP/1.1 %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"
                .formatted(status)
                .getBytes(StandardCharsets.UTF_8));
  }

  /** Until nobody listens any more. */
  @SuppressWarnings("InfiniteLoopStatement")
  private static void forEver(OutputStream out, String text) throws IOException {
    var bytes = text.repeat(1000).getBytes(StandardCharsets.UTF_8);
    while (true) {
      out.write(bytes);
    }
  }

  /** Answers each connection in its manner, the last for all that follow. */
  private static final class Server implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<String> requests = new CopyOnWriteArrayList<>();

    Server(List<Manner> manners) throws IOException {
      var _ =
          Thread.ofVirtual()
              .start(() -> {
                try {
                  for (var i = 0; ; i++) {
                    var client = socket.accept();
                    var manner = manners.get(Math.min(i, manners.size() - 1));
                    var _ = Thread.ofVirtual().start(() -> serve(client, manner));
                  }
                } catch (IOException _) {
                  // it was closed
                }
              });
    }

    int port() {
      return socket.getLocalPort();
    }

    private void serve(Socket client, Manner manner) {
      try (client) {
        var in = client.getInputStream();
        requests.add(request(in));
        manner.answer(in, client.getOutputStream());
        client.getOutputStream().flush();
      } catch (IOException _) {
        // whoever asked has gone
      }
    }

    private static String request(InputStream in) throws IOException {
      var head = new StringBuilder();
      while (!head.toString().endsWith("\r\n\r\n")) {
        var sign = in.read();
        if (sign < 0) {
          return head.toString();
        }
        head.append((char) sign);
      }
      var length = head.toString().replaceAll("(?is).*\r\ncontent-length: *(\\d+)\r\n.*", "$1");
      return head
          + (length.matches("\\d+")
              ? new String(in.readNBytes(Integer.parseInt(length)), StandardCharsets.UTF_8)
              : "");
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}

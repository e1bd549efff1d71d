package io.provision.local.power;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.provision.desk.DeskException;
import io.provision.desk.PowerSwitch;
import io.provision.desk.PowerSwitch.State;
import io.provision.model.Secret;
import io.provision.model.power.Power;
import io.provision.model.power.Power.Trust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.time.Duration;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A Redfish service that takes nothing but what the specification allows. */
class RedfishPowerTest {
  private static final String CANARY = "k4n4rienv0gel-42";
  private static final String PASSWORD_OF_STORES = "changeit";
  private static final String RESET = "/redfish/v1/Systems/1/Actions/ComputerSystem.Reset";

  @TempDir static Path stores;
  private static SSLContext tls;
  private static Certificate certificate;
  private static ExecutorService threads;

  private HttpsServer server;
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final CountDownLatch end = new CountDownLatch(1);
  private volatile String state = "On";
  private volatile String systems =
      "{\"Members\":[{\"@odata.id\":\"/redfish/v1/Systems/1\"}],\"Members@odata.count\":1}";
  private volatile String allowed = "[\"On\",\"ForceOff\",\"GracefulShutdown\"]";
  private volatile String target = RESET;

  /** A certificate for 127.0.0.1, as a controller signs one for itself. */
  @BeforeAll
  static void certificate() throws Exception {
    var store = stores.resolve("store.p12");
    var made =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "bmc",
                "-keyalg",
                "EC",
                "-dname",
                "CN=bmc",
                "-ext",
                "SAN=ip:127.0.0.1",
                "-validity",
                "3650",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                PASSWORD_OF_STORES)
            .inheritIO()
            .start();
    assertThat(made.waitFor()).isZero();
    var keys = KeyStore.getInstance(store.toFile(), PASSWORD_OF_STORES.toCharArray());
    certificate = keys.getCertificate("bmc");
    var factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(keys, PASSWORD_OF_STORES.toCharArray());
    tls = SSLContext.getInstance("TLS");
    tls.init(factory.getKeyManagers(), null, null);
    threads = Executors.newVirtualThreadPerTaskExecutor();
  }

  @AfterAll
  static void noThreads() {
    threads.shutdownNow();
  }

  @BeforeEach
  void start() throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(tls));
    server.setExecutor(threads);
    server.createContext("/", this::answer);
    server.start();
  }

  @AfterEach
  void stop() {
    end.countDown();
    server.stop(0);
  }

  private void answer(HttpExchange exchange) throws IOException {
    var body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
    var path = exchange.getRequestURI().toString();
    requests.add((exchange.getRequestMethod() + " " + path + " " + body).strip());
    var login =
        Base64.getEncoder().encodeToString(("root:" + CANARY).getBytes(StandardCharsets.UTF_8));
    if (!("Basic " + login).equals(exchange.getRequestHeaders().getFirst("Authorization"))) {
      said(exchange, 401, "{\"error\":{\"message\":\"not " + CANARY + "\"}}");
      return;
    }
    switch (exchange.getRequestMethod() + " " + path) {
      case "GET /redfish/v1/Systems" -> said(exchange, 200, systems);
      case "GET /redfish/v1/Systems/1", "GET /redfish/v1/Systems/2" ->
          said(
              exchange,
              200,
              """
              {"PowerState":"%s","Actions":{"#ComputerSystem.Reset":{"target":"%s",
              "ResetType@Redfish.AllowableValues":%s}}}\
              """
                  .formatted(state, target, allowed));
      case "POST " + RESET -> reset(exchange, body);
      case "GET /redfish/v1/Systems/huge" -> said(exchange, 200, "{\"a\":\"" + "x".repeat(2 << 20));
      case "GET /redfish/v1/Systems/page" -> said(exchange, 200, "<html>");
      case "GET /redfish/v1/Systems/away" -> {
        exchange.getResponseHeaders().add("Location", "/redfish/v1/Systems/1");
        said(exchange, 302, "");
      }
      case "GET /redfish/v1/Systems/never" -> {
        exchange.sendResponseHeaders(200, 0);
        exchange.getResponseBody().write("{\"a\":".getBytes(StandardCharsets.UTF_8));
        exchange.getResponseBody().flush();
        await();
      }
      default -> said(exchange, 405, "{}");
    }
  }

  private void await() {
    try {
      end.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void reset(HttpExchange exchange, String body) throws IOException {
    if (!"application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type"))) {
      said(exchange, 415, "{}");
    } else if (body.equals("{\"ResetType\":\"ForceOff\"}") && state.equals("On")) {
      state = "Off";
      said(exchange, 204, "");
    } else if (body.equals("{\"ResetType\":\"On\"}") && state.equals("Off")) {
      state = "PoweringOn";
      said(exchange, 202, "{}");
    } else {
      said(
          exchange,
          400,
          "{\"error\":{\"@Message.ExtendedInfo\":[{\"Message\":\"It is in the wrong state.\"}]}}");
    }
  }

  private static void said(HttpExchange exchange, int code, String body) throws IOException {
    var bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(code, bytes.length == 0 ? -1 : bytes.length);
    try (var out = exchange.getResponseBody()) {
      out.write(bytes);
    } catch (IOException _) {
      // whoever asked has heard enough
    }
  }

  private static String fingerprint() throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded()));
  }

  private PowerSwitch pinned() throws Exception {
    return of("127.0.0.1", CANARY, Optional.empty(), new Trust.Pinned(fingerprint()));
  }

  private PowerSwitch of(String host, String password, Optional<String> system, Trust trust) {
    var service = URI.create("https://%s:%d".formatted(host, server.getAddress().getPort()));
    var login = new Power.Login("root", Secret.of(password));
    return new PowerSwitches(Map.of(), Duration.ofMinutes(1))
        .of(new Power.Redfish(service, login, system, trust));
  }

  private static DeskException refused(org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
    var refused = catchThrowableOfType(DeskException.class, call);
    assertThat(refused).isNotNull();
    assertThat(refused.what() + refused.remedy() + refused).doesNotContain(CANARY);
    return refused;
  }

  @Test
  void itIsAskedCutAndGiven() throws Exception {
    var power = pinned();
    assertThat(power.state()).isEqualTo(State.ON);
    power.off();
    assertThat(power.state()).isEqualTo(State.OFF);
    power.on();
    assertThat(power.state()).isEqualTo(State.BETWEEN);
    assertThat(requests)
        .contains(
            "POST " + RESET + " {\"ResetType\":\"ForceOff\"}",
            "POST " + RESET + " {\"ResetType\":\"On\"}");
    assertThat(String.join("\n", requests)).doesNotContain(CANARY);
  }

  @Test
  void whatItDoesNotAllowIsNotAskedFor() throws Exception {
    allowed = "[\"On\",\"GracefulShutdown\"]";
    assertThat(refused(() -> pinned().off()).what())
        .endsWith("has no ComputerSystem.Reset with ForceOff for this system");
    assertThat(requests).noneMatch(it -> it.startsWith("POST"));
  }

  @Test
  void whatItSaysAgainstItIsSaid() throws Exception {
    assertThat(refused(() -> pinned().on()).what())
        .endsWith("answers POST %s with 400: It is in the wrong state.".formatted(RESET));
  }

  @Test
  void aWrongPasswordIsSaidAndNoneIsRepeated() throws Exception {
    var wrong = of("127.0.0.1", "n0t-it", Optional.empty(), new Trust.Pinned(fingerprint()));
    var said = catchThrowableOfType(DeskException.class, wrong::state);
    assertThat(said.what()).contains("with 401").doesNotContain("n0t-it");
    assertThat(said.remedy()).contains("user and password");
  }

  @Test
  void oneOfSeveralSystemsHasToBeNamed() throws Exception {
    systems =
        "{\"Members\":[{\"@odata.id\":\"/redfish/v1/Systems/1\"},{\"@odata.id\":\"/redfish/v1/Systems/2\"}]}";
    var said = refused(() -> pinned().state());
    assertThat(said.what()).endsWith("has 2 systems");
    assertThat(said.remedy()).isEqualTo("write 'system:' with one of: 1, 2");
    var trust = new Trust.Pinned(fingerprint());
    assertThat(of("127.0.0.1", CANARY, Optional.of("2"), trust).state()).isEqualTo(State.ON);
    assertThat(requests).endsWith("GET /redfish/v1/Systems/2");
    assertThat(refused(() -> of("127.0.0.1", CANARY, Optional.of("3"), trust).state()).what())
        .endsWith("has no system 3");
  }

  /** The password would go along. */
  @Test
  void onlyPathsOfTheSameServiceAreFollowed() throws Exception {
    for (var link :
        List.of("//evil.example.org/redfish/v1", "https://evil.example.org/redfish/v1", "/x")) {
      target = link;
      assertThat(refused(() -> pinned().off()).what()).contains("not a path of its own");
    }
    systems = "{\"Members\":[{\"@odata.id\":\"/redfish/v1/Systems/away\"}]}";
    assertThat(refused(() -> pinned().state()).what()).contains("with 302");
    assertThat(requests).last().isEqualTo("GET /redfish/v1/Systems/away");
  }

  @Test
  void garbageAndMegabytesAreNoAnswer() throws Exception {
    for (var each : List.of("huge", "page")) {
      systems = "{\"Members\":[{\"@odata.id\":\"/redfish/v1/Systems/%s\"}]}".formatted(each);
      assertThat(refused(() -> pinned().state()).what()).hasSizeLessThan(300);
    }
    systems = "[".repeat(100_000);
    assertThat(refused(() -> pinned().state()).what()).contains("something else than an object");
    systems = "{\"Members\":[{\"@odata.id\":\"/redfish/v1/Systems/1\"}]}";
    state = "Weiss\\u001b[31mnicht";
    assertThat(refused(() -> pinned().state()).what()).matches("[^\\p{Cntrl}]*");
  }

  @Test
  void anAnswerThatNeverEndsIsNotWaitedForForever() throws Exception {
    systems = "{\"Members\":[{\"@odata.id\":\"/redfish/v1/Systems/never\"}]}";
    var service = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
    var login = new Power.Login("root", Secret.of(CANARY));
    var power =
        new PowerSwitches(Map.of(), Duration.ofSeconds(5))
            .of(
                new Power.Redfish(
                    service, login, Optional.empty(), new Trust.Pinned(fingerprint())));
    assertThat(refused(power::state).what()).startsWith("timed out after 5 s waiting for https://");
  }

  /** No request is sent to a controller that is not known. */
  @Test
  void aCertificateThatIsNotKnownIsRefusedBeforeThePasswordGoesThere() throws Exception {
    var other = "0".repeat(64);
    for (var trust : List.of(new Trust.Usual(), new Trust.Pinned(other))) {
      var said = refused(() -> of("127.0.0.1", CANARY, Optional.empty(), trust).state());
      assertThat(said.what()).contains("is not known by its certificate");
      assertThat(said.remedy()).contains("fingerprint:");
    }
    assertThat(requests).isEmpty();
  }

  @Test
  void anAuthorityOfAFileIsTrustedForTheNameInTheCertificateAlone(@TempDir Path directory)
      throws Exception {
    var file = directory.resolve("ca.pem");
    Files.writeString(
        file,
        "-----BEGIN CERTIFICATE-----\n%s\n-----END CERTIFICATE-----\n"
            .formatted(Base64.getMimeEncoder().encodeToString(certificate.getEncoded())));
    var trust = new Trust.Authorities(file);
    assertThat(of("127.0.0.1", CANARY, Optional.empty(), trust).state()).isEqualTo(State.ON);
    requests.clear();
    var said = refused(() -> of("localhost", CANARY, Optional.empty(), trust).state());
    assertThat(said.what()).contains("is not known by its certificate");
    assertThat(requests).isEmpty();
    Files.writeString(file, "nothing");
    assertThat(refused(() -> of("127.0.0.1", CANARY, Optional.empty(), trust).state()).what())
        .isNotEmpty();
  }

  @Test
  void aControllerThatIsNotThereIsSaid() throws Exception {
    var power = pinned();
    server.stop(0);
    assertThat(refused(power::state).what()).contains("is not reached");
  }
}

package io.provision.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.provision.desk.DeskException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What is fetched goes through the proxy of the environment, and its password goes nowhere else.
 */
final class ProxyTest {
  private static final URI FROM = URI.create("https://releases.example/x");

  @Test
  void aProxyThatWantsAPasswordGetsThatOfItsUrl() throws Exception {
    try (var proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var requests = new LinkedBlockingQueue<String>();
      Thread.startVirtualThread(() -> serve(proxy, requests));

      var said = fetching("http://ann:p%5Ew@127.0.0.1:" + proxy.getLocalPort());
      var login = Base64.getEncoder().encodeToString("ann:p^w".getBytes(StandardCharsets.UTF_8));
      assertThat(requests)
          .first()
          .asString()
          .startsWith("CONNECT releases.example:443")
          .doesNotContain("Proxy-Authorization");
      assertThat(requests).last().asString().contains("Proxy-Authorization: Basic " + login);
      assertThat(said)
          .contains("could not be fetched through the proxy 127.0.0.1")
          .doesNotContain("p^w", "p%5Ew", login);
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://ann:se^cret@proxy:3128",
        "http://ann:se^cret@my_proxy:3128",
        "http://ann:secret@my_proxy:3128",
        "socks5://ann:secret@proxy:1080",
        "http://"
      })
  void oneThatCannotBeReadIsNotGoneRoundAndNotShown(String url) {
    var download = new Download(Map.of("HTTPS_PROXY", url), _ -> {}, _ -> {});
    for (var told :
        List.of(
            catchThrowableOfType(
                DeskException.class, () -> download.text(FROM, 100, Duration.ofMinutes(1))),
            catchThrowableOfType(DeskException.class, () -> download.offers(FROM)))) {
      assertThat(told).hasMessage("https_proxy names no proxy of HTTP").hasNoCause();
      assertThat(told.remedy()).contains("http://HOST:PORT");
    }
  }

  @Test
  void whatIsExemptGoesWithoutIt() {
    var proxy =
        new ProxyFromEnvironment(
            Map.of("HTTPS_PROXY", "proxy:3128", "no_proxy", "example.org,.lan"));
    var through = new Proxy(Proxy.Type.HTTP, InetSocketAddress.createUnresolved("proxy", 3128));
    assertThat(proxy.select(URI.create("https://notexample.org/"))).containsExactly(through);
    for (var host : List.of("example.org", "a.example.org", "b.lan")) {
      assertThat(proxy.select(URI.create("https://" + host + "/"))).containsExactly(Proxy.NO_PROXY);
    }
  }

  /** Of two proxies on one machine each has a login of its own. */
  @Test
  void eachProxyGetsTheLoginOfItsOwnUrl() throws Exception {
    try (var plain = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        var secure = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      var asked = new LinkedBlockingQueue<String>();
      var other = new LinkedBlockingQueue<String>();
      Thread.startVirtualThread(() -> serve(plain, asked));
      Thread.startVirtualThread(() -> serve(secure, other));
      var web =
          new WebQuestion(
              Map.of(
                  "http_proxy", "http://ann:one@127.0.0.1:" + plain.getLocalPort(),
                  "https_proxy", "http://bob:two@127.0.0.1:" + secure.getLocalPort()));
      var answer = web.ask(URI.create("http://shop.example/x"), 100, Duration.ofMinutes(1));
      assertThat(answer.status()).isEqualTo(502);
      var login = Base64.getEncoder().encodeToString("ann:one".getBytes(StandardCharsets.UTF_8));
      assertThat(asked).last().asString().contains("Proxy-Authorization: Basic " + login);
      assertThat(other).isEmpty();
    }
  }

  @Test
  void aProxyThatWantsALoginAndHasNoneIsNamed() throws Exception {
    try (var proxy = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      Thread.startVirtualThread(() -> serve(proxy, new LinkedBlockingQueue<>()));
      var web = new WebQuestion(Map.of("http_proxy", "http://127.0.0.1:" + proxy.getLocalPort()));
      var answer = web.ask(URI.create("http://shop.example/x"), 100, Duration.ofMinutes(1));
      assertThat(answer.status()).isEqualTo(407);
      assertThat(answer.beside()).contains("a proxy wants a login");
    }
  }

  /** Lets nobody through: 407 where there is no login, else 502. */
  private static void serve(ServerSocket proxy, LinkedBlockingQueue<String> requests) {
    while (!proxy.isClosed()) {
      try (var socket = proxy.accept()) {
        var lines =
            new BufferedReader(
                new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
        var request = new StringBuilder();
        for (var line = lines.readLine(); line != null && !line.isEmpty(); ) {
          request.append(line).append('\n');
          line = lines.readLine();
        }
        requests.add(request.toString());
        var status =
            request.indexOf("Proxy-Authorization") < 0
                ? "407 Login\r\nProxy-Authenticate: Basic realm=\"x\""
                : "502 Bad Gateway";
        var answer = "HTTP/1.1 " + status + "\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      } catch (IOException _) {
        return;
      }
    }
  }

  /**
   * What a program of its own says: that setting of Java's counts before its first request only.
   */
  private static String fetching(String proxy) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Fetching.class.getName(),
                proxy)
            .redirectErrorStream(true)
            .start();
    process.getOutputStream().close();
    var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    process.waitFor();
    return said;
  }

  static final class Fetching {
    public static void main(String[] arguments) {
      var download = new Download(Map.of("https_proxy", arguments[0]), _ -> {}, _ -> {});
      try {
        System.out.println(download.text(FROM, 100, Duration.ofMinutes(1)));
      } catch (DeskException e) {
        System.out.println(e.what() + " " + e.remedy());
      }
    }
  }
}

package io.provision.local;

import io.provision.desk.DeskException;
import io.provision.desk.Webhooks;
import io.provision.model.Secret;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;

/**
 * Posts over HTTP. What is answered counts by its status alone and is not read; a redirect is not
 * followed, since what is told is for whom it was sent to. Messages of exceptions below are not
 * shown: they may have the URL, or its host.
 */
public final class HttpWebhooks implements Webhooks {
  private static final Duration CONNECT = Duration.ofSeconds(5);
  private static final Duration ANSWER = Duration.ofSeconds(8);
  private static final int TOO_MANY = 429;
  private static final int PROXY_LOGIN = 407;

  /** Before the second and the third try. */
  private static final List<Duration> PAUSES =
      List.of(Duration.ofSeconds(1), Duration.ofSeconds(3));

  private final ProxyFromEnvironment proxy;
  private final Duration answer;
  private final Download.Pause pause;

  /**
   * @param environment which names proxies
   */
  public HttpWebhooks(Map<String, String> environment) {
    this(environment, ANSWER, Thread::sleep);
  }

  HttpWebhooks(Map<String, String> environment, Duration answer, Download.Pause pause) {
    this.proxy = new ProxyFromEnvironment(environment);
    this.answer = answer;
    this.pause = pause;
  }

  @Override
  public void require(Secret url) throws DeskException {
    requireProxy(WebhookUrl.of(url));
  }

  /** Why it was not taken, and whether it may be another time. */
  private record Refusal(String why, boolean mayPass) {}

  @Override
  public void post(Secret url, String json) throws DeskException, InterruptedException {
    var uri = WebhookUrl.of(url);
    requireProxy(uri);
    var client = client(uri);
    try {
      var refusal = once(client, uri, json);
      for (var wait : PAUSES) {
        if (refusal.isEmpty() || !refusal.get().mayPass()) {
          break;
        }
        pause.of(wait);
        refusal = once(client, uri, json);
      }
      if (refusal.isPresent()) {
        throw new DeskException(
            refusal.get().why(), "try its webhook with 'curl --data' from this machine", null);
      }
    } finally {
      client.shutdownNow();
    }
  }

  private static boolean isVerified(URI uri) {
    return uri.getScheme().equalsIgnoreCase("https");
  }

  private void requireProxy(URI uri) throws DeskException {
    if (isVerified(uri)) {
      proxy.require(uri);
    }
  }

  /** What is plain is not shown to a proxy. */
  private HttpClient client(URI uri) {
    var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .connectTimeout(CONNECT);
    return isVerified(uri)
        ? proxy.on(client, uri).build()
        : client.proxy(HttpClient.Builder.NO_PROXY).build();
  }

  private Optional<Refusal> once(HttpClient client, URI uri, String json)
      throws InterruptedException {
    var request =
        HttpRequest.newBuilder(uri)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json))
            .build();
    var coming = client.sendAsync(request, HttpResponse.BodyHandlers.ofInputStream());
    try {
      var answered = coming.get(answer.toMillis(), TimeUnit.MILLISECONDS);
      unread(answered.body());
      return refusal(answered.statusCode());
    } catch (TimeoutException _) {
      return later("no answer within %d s".formatted(answer.toSeconds()));
    } catch (ExecutionException e) {
      return later(reason(e.getCause()));
    } finally {
      coming.cancel(true);
    }
  }

  private static void unread(InputStream body) {
    try {
      body.close();
    } catch (IOException _) {
      // what is not read cannot be missed
    }
  }

  private static Optional<Refusal> later(String why) {
    return Optional.of(new Refusal(why, true));
  }

  private static Optional<Refusal> refusal(int status) {
    if (status >= 200 && status < 300) {
      return Optional.empty();
    }
    var why =
        status >= 300 && status < 400
            ? "status %d: it leads elsewhere, which is not followed".formatted(status)
            : status == PROXY_LOGIN
                ? "status %d: a proxy wants a login, and its URL has none or another one"
                    .formatted(status)
                : "status %d".formatted(status);
    return Optional.of(new Refusal(why, status >= 500 || status == TOO_MANY));
  }

  private static String reason(@org.jspecify.annotations.Nullable Throwable cause) {
    return switch (cause) {
      case HttpTimeoutException _ -> "it does not answer";
      case ConnectException refused when isUnknown(refused) -> "its host is not known";
      case ConnectException _ -> "it is not reached";
      case UnknownHostException _ -> "its host is not known";
      case SSLException _ -> "its certificate is not to be trusted, or it speaks no TLS";
      case null, default -> "its answer is not HTTP, or it hung up";
    };
  }

  private static boolean isUnknown(Throwable refused) {
    return refused.getCause() instanceof UnresolvedAddressException
        || refused.getCause() != null && isUnknown(refused.getCause());
  }
}

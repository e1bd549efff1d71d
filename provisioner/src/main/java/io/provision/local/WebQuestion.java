package io.provision.local;

import io.provision.desk.DeskException;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Asks web servers, each time once: no redirect is followed, no more is read than wanted, and all
 * of it has one deadline. Certificates are verified. For any thread.
 */
final class WebQuestion {
  private final ProxyFromEnvironment proxy;

  /** By whether it logs in at a proxy. */
  private final Map<Boolean, HttpClient> clients = new HashMap<>();

  /**
   * @param environment which names proxies
   */
  WebQuestion(Map<String, String> environment) {
    this.proxy = new ProxyFromEnvironment(environment);
  }

  /**
   * What came.
   *
   * @param location where a redirect leads to
   * @param whole whether that is all of it
   */
  record Answer(int status, Optional<String> location, byte[] body, boolean whole) {
    private static final int PROXY_LOGIN = 407;

    /** What else there is to say of its status, in brackets; nothing of most. */
    String beside() {
      return status == PROXY_LOGIN
          ? " (a proxy wants a login, and its URL has none or another one)"
          : location.map(it -> " (it leads to %s)".formatted(PlainText.line(it))).orElse("");
    }
  }

  /**
   * @param limit the most bytes that are read of it
   * @throws IOException where none came, with words for people
   * @throws DeskException where the proxy of the environment cannot be read
   */
  Answer ask(URI url, int limit, Duration within)
      throws IOException, DeskException, InterruptedException {
    proxy.require(url);
    var request = HttpRequest.newBuilder(url).header("User-Agent", "provision").GET().build();
    var coming = client(url).sendAsync(request, _ -> new Beginning(limit));
    try {
      var answer = coming.get(within.toMillis(), TimeUnit.MILLISECONDS);
      return new Answer(
          answer.statusCode(),
          answer.headers().firstValue("location"),
          answer.body().bytes(),
          answer.body().whole());
    } catch (TimeoutException e) {
      throw new HttpTimeoutException(
          "no answer%s within %d s".formatted(proxy.describe(url), within.toSeconds()));
    } catch (ExecutionException e) {
      throw new IOException(reason(e.getCause()) + proxy.describe(url), e.getCause());
    } finally {
      coming.cancel(true);
    }
  }

  /** The innermost that says something: what is around it says that it was a connection. */
  private static String reason(@Nullable Throwable cause) {
    var said = "";
    var name = "no answer";
    for (var each = cause; each != null; each = each.getCause()) {
      name = each.getClass().getSimpleName();
      said = each.getMessage() == null ? said : each.getMessage();
    }
    return switch (name) {
      case "ConnectException", "ClosedChannelException" -> "nobody answers there";
      case "UnresolvedAddressException", "UnknownHostException" -> "no such name";
      default -> said.isEmpty() ? name : PlainText.line(said);
    };
  }

  private synchronized HttpClient client(URI url) {
    return clients.computeIfAbsent(
        proxy.logsIn(url),
        _ ->
            proxy
                .on(
                    HttpClient.newBuilder()
                        .version(HttpClient.Version.HTTP_1_1)
                        .followRedirects(HttpClient.Redirect.NEVER),
                    url)
                .build());
  }

  /** Of a body. */
  private record Read(byte[] bytes, boolean whole) {}

  /** Reads a body as far as it is wanted, and ends it there. */
  private static final class Beginning implements HttpResponse.BodySubscriber<Read> {
    private final int limit;
    private final CompletableFuture<Read> read = new CompletableFuture<>();
    private final List<byte[]> parts = new ArrayList<>();
    private int size;
    private Flow.@Nullable Subscription subscription;

    Beginning(int limit) {
      this.limit = limit;
    }

    @Override
    public CompletionStage<Read> getBody() {
      return read;
    }

    @Override
    public void onSubscribe(Flow.Subscription given) {
      subscription = given;
      given.request(Long.MAX_VALUE);
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
      for (var buffer : buffers) {
        var part = new byte[Math.min(buffer.remaining(), limit - size)];
        var more = buffer.remaining() > part.length;
        buffer.get(part);
        parts.add(part);
        size += part.length;
        if (more) {
          if (subscription != null) {
            subscription.cancel();
          }
          read.complete(new Read(all(), false));
          return;
        }
      }
    }

    @Override
    public void onError(Throwable fault) {
      read.completeExceptionally(fault);
    }

    @Override
    public void onComplete() {
      read.complete(new Read(all(), true));
    }

    private byte[] all() {
      var all = ByteBuffer.allocate(size);
      parts.forEach(all::put);
      return all.array();
    }
  }

  /** What came, as text. */
  static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}

package io.provision.local;

import io.provision.desk.DeskException;
import io.provision.model.Sha256;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Fetches files over HTTPS; what it cannot get, it says in words for an operator. */
final class Download {
  private static final int TRIES = 4;
  private static final Duration CONNECT = Duration.ofSeconds(15);
  private static final Duration ANSWER = Duration.ofMinutes(1);
  private static final long STEP = 8L << 20;

  private final ProxyFromEnvironment proxy;
  private final Consumer<String> progress;
  private final Pause pause;
  private @Nullable HttpClient client;

  /** How long to wait before another try. */
  @FunctionalInterface
  interface Pause {
    void of(Duration time) throws InterruptedException;
  }

  Download(Map<String, String> environment, Consumer<String> progress, Pause pause) {
    this.proxy = new ProxyFromEnvironment(environment);
    this.progress = progress;
    this.pause = pause;
  }

  /** An answer that ends it; a server that may do better later is tried again before. */
  private static final class Refusal extends IOException {
    Refusal(String message) {
      super(message);
    }
  }

  /**
   * Downloads to a file and flushes it to the disk.
   *
   * @return the digest; empty where the server has no such file
   */
  Optional<Sha256> to(URI from, Path file) throws DeskException {
    return tried(from, () -> once(from, file));
  }

  /** Whether the server has the file. */
  boolean offers(URI from) throws DeskException {
    return tried(
        from,
        () -> {
          var request = request(from).method("HEAD", HttpRequest.BodyPublishers.noBody()).build();
          return usable(from, client().send(request, HttpResponse.BodyHandlers.discarding()));
        });
  }

  /**
   * A short text, asked for once: for a look, which says what it could not read and goes on.
   *
   * @param limit the most bytes it may have
   * @param patience for all of it
   * @return empty where the server has no such file
   */
  Optional<String> text(URI from, int limit, Duration patience) throws DeskException {
    requireSafe(from);
    proxy.require(from);
    var whole = HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8);
    var coming =
        client()
            .sendAsync(
                request(from).GET().build(), HttpResponse.BodyHandlers.limiting(whole, limit));
    try {
      var answer = coming.get(patience.toMillis(), TimeUnit.MILLISECONDS);
      return usable(from, answer) ? Optional.of(answer.body()) : Optional.empty();
    } catch (TimeoutException e) {
      throw failed(
          from, new IOException("timed out after %d s".formatted(patience.toSeconds()), e));
    } catch (ExecutionException e) {
      throw failed(from, e.getCause() instanceof IOException io ? io : new IOException(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(from, new IOException("interrupted", e));
    } catch (IOException e) {
      throw failed(from, e);
    } finally {
      coming.cancel(true);
    }
  }

  private Optional<Sha256> once(URI from, Path file) throws IOException, InterruptedException {
    var answer =
        client().send(request(from).GET().build(), HttpResponse.BodyHandlers.ofInputStream());
    try (var body = answer.body()) {
      if (!usable(from, answer)) {
        return Optional.empty();
      }
      var size = answer.headers().firstValueAsLong("content-length").orElse(-1);
      return Optional.of(save(from, body, size, file));
    }
  }

  private Sha256 save(URI from, InputStream body, long size, Path file) throws IOException {
    var digest = Sha256.algorithm();
    var buffer = new byte[1 << 16];
    var received = 0L;
    try (var channel =
        FileChannel.open(
            file,
            Set.of(
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE,
                StandardOpenOption.TRUNCATE_EXISTING))) {
      for (int count; (count = body.read(buffer)) >= 0; ) {
        var bytes = ByteBuffer.wrap(buffer, 0, count);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        digest.update(buffer, 0, count);
        if ((received + count) / STEP > received / STEP) {
          progress.accept(state(from, received + count, size));
        }
        received += count;
      }
      channel.force(true);
    }
    if (size >= 0 && received != size) {
      throw new IOException("%d of %d bytes came".formatted(received, size));
    }
    return new Sha256(java.util.HexFormat.of().formatHex(digest.digest()));
  }

  private static String state(URI from, long received, long size) {
    var name = Path.of(from.getPath()).getFileName();
    return size < 0
        ? "%s: %d MiB".formatted(name, received >> 20)
        : "%s: %d of %d MiB".formatted(name, received >> 20, size >> 20);
  }

  /** Whether it holds what was asked for; false where there is no such file. */
  private static boolean usable(URI from, HttpResponse<?> answer) throws IOException {
    var status = answer.statusCode();
    if (status == 404 || status == 410) {
      return false;
    }
    if (status == 429 || status >= 500 && status != 511) {
      throw new IOException("status %d".formatted(status));
    }
    var type = answer.headers().firstValue("content-type").orElse("").toLowerCase(Locale.ROOT);
    if (status == 511 || status == 200 && type.startsWith("text/html")) {
      throw new Refusal(
          "%s answers with a web page: this network wants a login in a browser first, or a proxy"
              .formatted(from.getHost()));
    }
    if (status != 200) {
      throw new Refusal("status %d".formatted(status));
    }
    return true;
  }

  /** One attempt. */
  private interface Attempt<V> {
    V run() throws IOException, InterruptedException;
  }

  private <V> V tried(URI from, Attempt<V> attempt) throws DeskException {
    requireSafe(from);
    proxy.require(from);
    try {
      for (var tries = 1; ; tries++) {
        try {
          return attempt.run();
        } catch (IOException e) {
          if (tries == TRIES || e instanceof Refusal || onThisDisk(e)) {
            throw e;
          }
          progress.accept("%s: %s, trying again".formatted(from.getHost(), DeskFault.reason(e)));
          pause.of(Duration.ofSeconds(1L << (2 * tries - 1)));
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw failed(from, new IOException("interrupted", e));
    } catch (IOException e) {
      throw failed(from, e);
    }
  }

  /** A full disk here is not mended by asking the server again. */
  private static boolean onThisDisk(IOException e) {
    return e instanceof java.nio.file.FileSystemException || isFromChannel(e);
  }

  private static boolean isFromChannel(IOException e) {
    return java.util.Arrays.stream(e.getStackTrace())
        .limit(6)
        .anyMatch(frame -> frame.getClassName().startsWith("sun.nio.ch.FileChannel"));
  }

  private DeskException failed(URI from, IOException e) {
    return new DeskException(
        "%s could not be fetched%s (%s)".formatted(from, proxy.describe(from), DeskFault.reason(e)),
        onThisDisk(e)
            ? "Make room on this machine's disk (the cache directory), then run it again."
            : "Check the internet access of this machine (https_proxy, no_proxy), or work without"
                + " it.",
        e);
  }

  private static void requireSafe(URI from) throws DeskException {
    var scheme = from.getScheme();
    if (!"https".equals(scheme) && !("http".equals(scheme) && isLoopback(from.getHost()))) {
      throw new DeskException(
          "%s is not an https address".formatted(from),
          "What is fetched in the clear can be changed on its way: use https.",
          null);
    }
  }

  private static boolean isLoopback(@Nullable String host) {
    return "localhost".equals(host) || "127.0.0.1".equals(host) || "[::1]".equals(host);
  }

  private static HttpRequest.Builder request(URI from) {
    return HttpRequest.newBuilder(from).timeout(ANSWER).header("User-Agent", "provision");
  }

  /** Made when first needed: most runs download nothing. */
  private synchronized HttpClient client() {
    if (client == null) {
      client =
          HttpClient.newBuilder()
              .connectTimeout(CONNECT)
              .followRedirects(HttpClient.Redirect.NORMAL)
              .proxy(proxy)
              .authenticator(proxy.authenticator())
              .build();
    }
    return client;
  }
}

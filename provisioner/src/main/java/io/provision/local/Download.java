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
  private static final int TOO_MANY = 429;

  /** Longer than this nobody waits whom a server asks to. */
  private static final Duration LONGEST = Duration.ofMinutes(2);

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

  /** It limits how often it is asked (RFC 6585, section 4). */
  private static final class Limited extends IOException {
    private final Duration wait;

    /**
     * @param wait which it asks for; nothing where it does not say
     */
    Limited(Duration wait) {
      super(
          wait.isZero()
              ? "status %d: it is asked too often".formatted(TOO_MANY)
              : "status %d: it is asked too often, and wants %d s of rest"
                  .formatted(TOO_MANY, wait.toSeconds()));
      this.wait = wait;
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
      for (int count; (count = read(body, buffer, received, size)) >= 0; ) {
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
      throw new IOException(came(received, size));
    }
    return new Sha256(java.util.HexFormat.of().formatHex(digest.digest()));
  }

  private static int read(InputStream body, byte[] buffer, long received, long size)
      throws IOException {
    try {
      return body.read(buffer);
    } catch (IOException e) {
      throw new IOException("%s (%s)".formatted(came(received, size), DeskFault.reason(e)), e);
    }
  }

  private static String came(long received, long size) {
    return size < 0
        ? "it ended after %d bytes".formatted(received)
        : "%d of %d bytes came".formatted(received, size);
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
    if (status == TOO_MANY) {
      throw new Limited(rest(answer.headers().firstValue("retry-after").orElse("")));
    }
    if (status >= 500 && status != 511) {
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

  /** What {@code Retry-After} says in seconds; a date there is not read. */
  private static Duration rest(String retryAfter) {
    return retryAfter.matches("[0-9]{1,9}")
        ? Duration.ofSeconds(Long.parseLong(retryAfter))
        : Duration.ZERO;
  }

  /** Before the next try: what the server asks for, if that is longer than what is usual. */
  private static Duration before(int tries, IOException e) {
    var usual = Duration.ofSeconds(1L << (2 * tries - 1));
    return e instanceof Limited limited && limited.wait.compareTo(usual) > 0 ? limited.wait : usual;
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
          var wait = before(tries, e);
          if (tries == TRIES
              || e instanceof Refusal
              || onThisDisk(e)
              || wait.compareTo(LONGEST) > 0) {
            throw e;
          }
          progress.accept(
              "%s: %s, trying again in %d s"
                  .formatted(from.getHost(), DeskFault.reason(e), wait.toSeconds()));
          pause.of(wait);
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
        remedy(e),
        e);
  }

  private static String remedy(IOException e) {
    if (onThisDisk(e)) {
      return "Make room on this machine's disk (the cache directory), then run it again.";
    }
    return e instanceof Limited
        ? "Run it again later; others behind this machine's address are counted with it. Or have a"
            + " mirror of your own."
        : "Check the internet access of this machine (https_proxy, no_proxy), or work without it.";
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

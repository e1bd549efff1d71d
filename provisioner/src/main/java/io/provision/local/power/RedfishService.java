package io.provision.local.power;

import io.provision.desk.DeskException;
import io.provision.model.power.Power;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import javax.net.ssl.SSLException;

/**
 * The HTTP of one controller. The password goes to the address that the inventory names and nowhere
 * else: no proxy, no redirection, and of what the controller names only paths are followed. Every
 * service knows Basic authentication (DSP0266, "HTTP Basic authentication").
 *
 * @param deadline of one request with its answer
 */
record RedfishService(Power.Redfish power, Duration deadline) {
  /** A system with all that it says of itself is some tens of kilobytes. */
  private static final int LARGEST = 1 << 20;

  /** A path of the same service, and no other service. */
  private static final Pattern PATH =
      Pattern.compile("/redfish/(?:[A-Za-z0-9._~/#@:-]|%[0-9A-Fa-f]{2}){0,500}");

  /** What one request came to. */
  private record Reply(int code, byte[] body) {}

  JsonAnswer get(String path) throws DeskException, InterruptedException {
    var reply = sent(request(path).GET().build());
    return JsonAnswer.of(reply.body())
        .orElseThrow(() ->
            new DeskException(
                "%s answers with something else than an object of JSON at %s"
                    .formatted(power.service(), path),
                "is that a controller with Redfish?",
                null));
  }

  void post(String path, String json) throws DeskException, InterruptedException {
    var _ =
        sent(
            request(path)
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json))
                .build());
  }

  private HttpRequest.Builder request(String path) throws DeskException {
    if (!PATH.matcher(path).matches() || path.contains("..")) {
      throw new DeskException(
          "%s names what is not a path of its own".formatted(power.service()),
          "is that a controller with Redfish?",
          null);
    }
    var login =
        "%s:%s".formatted(power.login().user(), new PowerPassword(power.login().password()).text());
    return HttpRequest.newBuilder(URI.create(power.service() + path))
        .header("Accept", "application/json")
        .header(
            "Authorization",
            "Basic " + Base64.getEncoder().encodeToString(login.getBytes(StandardCharsets.UTF_8)));
  }

  private Reply sent(HttpRequest request) throws DeskException, InterruptedException {
    var client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .followRedirects(HttpClient.Redirect.NEVER)
            .proxy(HttpClient.Builder.NO_PROXY)
            .sslContext(KnownCertificate.context(power.trust()))
            .build();
    CompletableFuture<Reply> reply =
        client
            .sendAsync(request, HttpResponse.BodyHandlers.ofInputStream())
            .thenApplyAsync(RedfishService::read, Thread::startVirtualThread);
    try {
      return judged(request, reply.get(deadline.toMillis(), TimeUnit.MILLISECONDS));
    } catch (TimeoutException e) {
      throw new DeskException(
          "timed out after %2$d s waiting for %1$s"
              .formatted(power.service(), deadline.toSeconds()),
          "is it reached from this machine?",
          e);
    } catch (ExecutionException e) {
      throw unreached(e.getCause() == null ? e : e.getCause());
    } finally {
      client.shutdownNow();
    }
  }

  private static Reply read(HttpResponse<InputStream> response) {
    try (var in = response.body()) {
      var body = in.readNBytes(LARGEST + 1);
      if (body.length > LARGEST) {
        throw new IOException("its answer is larger than a mebibyte");
      }
      return new Reply(response.statusCode(), body);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private DeskException unreached(Throwable why) {
    for (Throwable cause = why; cause != null; cause = cause.getCause()) {
      if (cause instanceof SSLException) {
        return new DeskException(
            "%s is not known by its certificate (%s)".formatted(power.service(), inner(cause)),
            "write 'fingerprint:', once you have compared it with what the controller itself shows"
                + " (openssl s_client -connect %s:%d </dev/null | openssl x509 -noout -fingerprint -sha256), or 'ca:'"
                    .formatted(
                        power.service().getHost(),
                        power.service().getPort() < 0 ? 443 : power.service().getPort()),
            why);
      }
    }
    return new DeskException(
        "%s is not reached (%s)".formatted(power.service(), inner(why)),
        "is its address right, and reached from this machine?",
        why);
  }

  private static String inner(Throwable why) {
    var last = why;
    for (Throwable cause = why; cause != null; cause = cause.getCause()) {
      last = cause;
    }
    return last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
  }

  private Reply judged(HttpRequest request, Reply reply) throws DeskException {
    var code = reply.code();
    if (code >= 200 && code < 300) {
      return reply;
    }
    var what =
        "%s answers %s %s with %d%s"
            .formatted(
                power.service(), request.method(), request.uri().getPath(), code, said(reply));
    throw new DeskException(
        what,
        code == 401 || code == 403
            ? "see whether user and password are right, and whether that user may switch the power"
            : "see what the controller's own log says",
        null);
  }

  /** The first message of what it says went wrong (DSP0266, "Error responses"). */
  private String said(Reply reply) throws DeskException {
    var error = JsonAnswer.of(reply.body()).map(it -> it.object("error"));
    var message =
        error
            .flatMap(it ->
                it.objects("@Message.ExtendedInfo").stream()
                    .flatMap(each -> each.text("Message").stream())
                    .findFirst())
            .or(() -> error.flatMap(it -> it.text("message")));
    return message.isEmpty() ? "" : ": " + told(message.get());
  }

  private String told(String message) throws DeskException {
    var kept = new PowerPassword(power.login().password()).kept(message);
    return new PowerProgram.Answer(0, kept).shown();
  }

  /** As a path that a resource has, where it has one. */
  Optional<String> link(JsonAnswer resource) {
    return resource.text("@odata.id");
  }
}

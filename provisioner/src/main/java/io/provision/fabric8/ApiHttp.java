package io.provision.fabric8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.provision.kube.ClusterException;
import io.provision.kube.ObjectRef;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;

/** Requests to one API server, and its answers as maps. */
final class ApiHttp implements AutoCloseable {
  private static final int NOT_FOUND = 404;

  private static final int CONFLICT = 409;

  /**
   * An API server gives a request up after a minute (kube-apiserver, --request-timeout). A longer
   * silence is of one that has gone, or of an address that nobody carries any more.
   */
  static final Duration LIMIT = Duration.ofSeconds(65);

  /** Into how many parts that is cut, after each of which it is seen whether somebody is there. */
  private static final int KNOCKS = 6;

  private final String server;
  private final HttpClient http;
  private final Duration limit;
  private final Supplier<Optional<String>> bearer;
  private final ApiPaths kinds;
  private final JsonMapper json = new JsonMapper();

  /**
   * @param bearer the token of whoever asks, as it is now; empty where its certificate says who
   */
  ApiHttp(String server, HttpClient http, Duration limit, Supplier<Optional<String>> bearer) {
    this.limit = limit;
    this.bearer = bearer;
    this.server = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
    this.http = http;
    this.kinds = new ApiPaths(this::find);
  }

  /** Its URL, without a slash at the end. */
  String server() {
    return server;
  }

  ApiPaths kinds() {
    return kinds;
  }

  /** Sends a request; any answer is one, and none that has not come in time. */
  CompletableFuture<HttpResponse<byte[]>> ask(HttpRequest.Builder request) {
    var answer = http.sendAsync(request.build(), byte[].class);
    knock(answer, limit.dividedBy(KNOCKS));
    return answer
        .orTimeout(limit.toMillis(), TimeUnit.MILLISECONDS)
        .exceptionallyCompose(e -> CompletableFuture.failedFuture(said(e)));
  }

  /**
   * A connection whose other end has gone says nothing, for as long as one waits. So whoever is
   * late is knocked for, and given up where no connection is taken any more.
   */
  private void knock(CompletableFuture<?> answer, Duration wait) {
    CompletableFuture.delayedExecutor(
            wait.toMillis(), TimeUnit.MILLISECONDS, task -> Thread.ofVirtual().start(task))
        .execute(() -> {
          if (answer.isDone()) {
            return;
          }
          var gone = Knock.at(server);
          if (gone.isEmpty()) {
            knock(answer, wait);
          } else {
            answer.completeExceptionally(
                new IOException(
                    "no answer, and no connection is taken there any more: " + gone.get()));
          }
        });
  }

  private Throwable said(Throwable e) {
    return e instanceof TimeoutException
        ? new IOException("no answer within %d s".formatted(limit.toSeconds()), e)
        : e;
  }

  /** What comes of it, or in words why nothing does. */
  <A> A now(CompletableFuture<A> coming) throws ClusterException {
    try {
      return coming.join();
    } catch (CompletionException e) {
      var cause = e.getCause() == null ? e : e.getCause();
      throw Refusals.unanswered(server, cause);
    }
  }

  /** Where an object is. */
  String path(ObjectRef ref) throws ClusterException {
    return now(kinds.of(ref.apiVersion(), ref.kind()))
        .orElseThrow(() ->
            new ClusterException(
                "%s: the API has no kind '%s' in %s".formatted(ref, ref.kind(), ref.apiVersion()),
                "install what defines it first (a CustomResourceDefinition), or correct the"
                    + " apiVersion",
                null))
        .path(ref);
  }

  /** As JSON. */
  String text(Map<String, ?> object) {
    try {
      return json.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps can be written", e);
    }
  }

  /**
   * Sends a request and waits for its answer; one that is no success is a failure.
   *
   * @param mayBeGone whether it may say that there is no such object
   */
  HttpResponse<byte[]> send(HttpRequest.Builder request, String subject, boolean mayBeGone)
      throws ClusterException {
    var response = now(ask(request));
    if (!response.isSuccessful() && !(mayBeGone && response.code() == NOT_FOUND)) {
      throw Refusals.of(subject, response.code(), status(response));
    }
    return response;
  }

  /** Whether it was done: not where the object is not as it was expected, or there already. */
  boolean sendUnlessConflicting(HttpRequest.Builder request, String subject)
      throws ClusterException {
    var response = now(ask(request));
    if (!response.isSuccessful() && response.code() != CONFLICT) {
      throw Refusals.of(subject, response.code(), status(response));
    }
    return response.isSuccessful();
  }

  /** GET; empty where there is nothing. */
  CompletableFuture<Optional<Map<String, Object>>> find(String path) {
    return ask(request(path))
        .thenApply(response -> {
          if (response.code() == NOT_FOUND) {
            return Optional.empty();
          }
          if (!response.isSuccessful()) {
            throw new CompletionException(
                Refusals.of("GET " + path, response.code(), status(response)));
          }
          return Optional.of(read(response));
        });
  }

  HttpRequest.Builder request(String path) {
    var request =
        http.newHttpRequestBuilder().uri(server + path).header("Accept", "application/json");
    bearer.get().ifPresent(token -> request.header("Authorization", "Bearer " + token));
    return request;
  }

  /** The object in an answer. */
  @SuppressWarnings("unchecked") // what JSON calls an object has strings as keys
  Map<String, Object> read(HttpResponse<byte[]> response) {
    try {
      return json.readValue(response.body(), LinkedHashMap.class);
    } catch (IOException e) {
      throw new CompletionException(
          new ClusterException(
              "%s answered with something that is not JSON (%s)".formatted(server, e.getMessage()),
              "something else listens there: look at what 'cluster.endpoint' points to",
              e));
    }
  }

  /** The Status in an answer, or what stands there instead. */
  Map<String, Object> status(HttpResponse<byte[]> response) {
    try {
      return read(response);
    } catch (CompletionException _) {
      return Map.of("message", new String(response.body(), StandardCharsets.UTF_8).strip());
    }
  }

  /** A query of one key; none where the value is empty. */
  static String query(String key, String value) {
    return value.isEmpty()
        ? ""
        : "?" + key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.close();
  }
}

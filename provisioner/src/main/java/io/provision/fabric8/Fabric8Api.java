package io.provision.fabric8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fabric8.kubernetes.client.http.HttpClient;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.HttpResponse;
import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterChange;
import io.provision.kube.ClusterException;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.DeclaredObject;
import io.provision.kube.LiveObject;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.kube.ObjectStates;
import io.provision.kube.Preview;
import java.io.IOException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;

/** One API server; questions are asked all at once. */
final class Fabric8Api implements ClusterApi {
  private static final int NOT_FOUND = 404;

  private final String server;
  private final HttpClient http;
  private final ApiPaths kinds;
  private final View view = new Looking();
  private final Work work = new Working();
  private final JsonMapper json = new JsonMapper();

  Fabric8Api(String server, HttpClient http) {
    this.server = server.endsWith("/") ? server.substring(0, server.length() - 1) : server;
    this.http = http;
    this.kinds = new ApiPaths(this::find);
  }

  @Override
  public View view() {
    return view;
  }

  /** All that a look is handed. */
  private final class Looking implements View {
    @Override
    public Map<ClusterQuestion<?>, Object> look(Collection<ClusterQuestion<?>> questions)
        throws ClusterException, InterruptedException {
      return answers(questions);
    }

    @Override
    public Map<Manifest, Preview> preview(Collection<Manifest> manifests)
        throws ClusterException, InterruptedException {
      var asked = new LinkedHashMap<Manifest, CompletableFuture<Preview>>();
      for (var manifest : manifests) {
        asked.computeIfAbsent(manifest, Fabric8Api.this::dryRun);
      }
      var previews = new LinkedHashMap<Manifest, Preview>();
      for (var each : asked.entrySet()) {
        previews.put(each.getKey(), answer(each.getValue()));
      }
      return previews;
    }
  }

  private Map<ClusterQuestion<?>, Object> answers(Collection<ClusterQuestion<?>> questions)
      throws ClusterException, InterruptedException {
    var asked = new LinkedHashMap<ClusterQuestion<?>, CompletableFuture<?>>();
    for (var question : questions) {
      asked.computeIfAbsent(question, this::ask);
    }
    var answers = new LinkedHashMap<ClusterQuestion<?>, Object>();
    for (var each : asked.entrySet()) {
      answers.put(each.getKey(), answer(each.getValue()));
    }
    return answers;
  }

  private <A> A answer(CompletableFuture<A> coming) throws ClusterException, InterruptedException {
    try {
      return coming.get();
    } catch (ExecutionException e) {
      throw Refusals.unanswered(server, e.getCause() == null ? e : e.getCause());
    }
  }

  private CompletableFuture<?> ask(ClusterQuestion<?> question) {
    return switch (question) {
      case ClusterQuestion.One(var ref) -> one(ref);
      case ClusterQuestion.Declared(var manifest) ->
          one(manifest.ref()).thenApply(DeclaredObject::new);
      case ClusterQuestion.All all -> all(all);
      case ClusterQuestion.InPassing(var all) -> all(all).thenApply(Optional::of);
      case ClusterQuestion.States states -> states(states);
    };
  }

  private CompletableFuture<Optional<LiveObject>> one(ObjectRef ref) {
    return kinds
        .of(ref.apiVersion(), ref.kind())
        .thenCompose(kind ->
            kind.isEmpty()
                ? CompletableFuture.completedFuture(Optional.<Map<String, Object>>empty())
                : find(kind.get().path(ref)))
        .thenApply(found -> found.map(LiveObject::of));
  }

  /** What it cannot say is an answer too: our own comparison has to do then. */
  private CompletableFuture<Preview> dryRun(Manifest manifest) {
    var ref = manifest.ref();
    return kinds
        .of(ref.apiVersion(), ref.kind())
        .thenCompose(kind ->
            kind.isEmpty()
                ? CompletableFuture.completedFuture(new Preview.CannotSay("it has no such kind"))
                : http.sendAsync(
                        patch(kind.get().path(ref), manifest, true, "&dryRun=All").build(),
                        byte[].class)
                    .thenApply(this::preview));
  }

  private Preview preview(HttpResponse<byte[]> response) {
    return response.isSuccessful()
        ? new Preview.Would(LiveObject.of(read(response)))
        : new Preview.CannotSay(
            "%d, %s"
                .formatted(
                    response.code(), status(response).getOrDefault("message", "no reason given")));
  }

  private CompletableFuture<List<LiveObject>> all(ClusterQuestion.All question) {
    return kinds
        .of(question.apiVersion(), question.kind())
        .thenCompose(kind ->
            kind.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : find(kind.get().all() + query("labelSelector", question.selector())))
        .thenApply(found ->
            found
                .map(list -> items(list, question.apiVersion(), question.kind()))
                .orElse(List.of()));
  }

  /** Never fails: that it did not answer is an answer. */
  private CompletableFuture<ObjectStates> states(ClusterQuestion.States question) {
    return kinds
        .of(question.apiVersion(), question.kind())
        .thenCompose(kind ->
            kind.isEmpty()
                ? CompletableFuture.completedFuture(Optional.<Map<String, Object>>empty())
                : find(kind.get().all() + "?limit=" + question.most()))
        .thenApply(found -> StateList.of(found.orElse(Map.of())))
        .orTimeout(question.budget().toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(e -> StateList.unheard(server, question, e));
  }

  /** The items of a list say neither their kind nor their version. */
  private static List<LiveObject> items(Map<String, Object> list, String apiVersion, String kind) {
    var items = new ArrayList<LiveObject>();
    if (list.get("items") instanceof List<?> all) {
      for (var item : all) {
        var object = new LinkedHashMap<String, Object>();
        object.put("apiVersion", apiVersion);
        object.put("kind", kind);
        ((Map<?, ?>) item).forEach((key, value) -> object.put(String.valueOf(key), value));
        items.add(LiveObject.of(object));
      }
    }
    items.sort(Comparator.comparing(item -> item.ref().toString()));
    return List.copyOf(items);
  }

  @Override
  public Work work() {
    return work;
  }

  /** What actions are made of. */
  private final class Working implements Work {
    @Override
    public Optional<Map<String, Object>> read(ObjectRef ref) throws ClusterException {
      return await(find(path(ref)));
    }

    /** Those that have ended hold nothing and are told by their phase. */
    @Override
    public List<Map<String, Object>> podsOn(String node) throws ClusterException {
      var selector =
          "spec.nodeName=%s,status.phase!=Succeeded,status.phase!=Failed".formatted(node);
      var list = await(find("/api/v1/pods" + query("fieldSelector", selector)));
      return list.orElse(Map.of()).get("items") instanceof List<?> items
          ? items.stream().map(Fabric8Api::map).toList()
          : List.of();
    }

    @Override
    public void merge(ObjectRef ref, Map<String, Object> patch) throws ClusterException {
      var request =
          request(path(ref) + "?fieldManager=" + Manifest.MANAGER)
              .method("PATCH", "application/merge-patch+json", text(patch));
      var _ = send(request, ref.toString(), false);
    }

    @Override
    public Eviction evict(ObjectRef pod) throws ClusterException {
      var metadata = Map.of("name", pod.name(), "namespace", pod.namespace().orElse("default"));
      var body = Map.of("apiVersion", "policy/v1", "kind", "Eviction", "metadata", metadata);
      var request = request(path(pod) + "/eviction").method("POST", "application/json", text(body));
      var response = await(http.sendAsync(request.build(), byte[].class));
      return Evictions.of(pod, response.code(), status(response));
    }

    private <A> A await(CompletableFuture<A> coming) throws ClusterException {
      try {
        return coming.join();
      } catch (CompletionException e) {
        throw Refusals.unanswered(server, e.getCause() == null ? e : e.getCause());
      }
    }
  }

  @SuppressWarnings("unchecked") // what JSON calls an object has strings as keys
  private static Map<String, Object> map(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }

  @Override
  public void change(ClusterChange change) throws ClusterException {
    switch (change) {
      case ClusterChange.Apply(var manifest, var force) -> apply(manifest, force);
      case ClusterChange.Delete(var ref) -> {
        var path = path(ref);
        var _ =
            send(
                request(path + "?propagationPolicy=Background")
                    .method("DELETE", null, (String) null),
                ref.toString(),
                true);
      }
    }
  }

  private void apply(Manifest manifest, boolean force) throws ClusterException {
    var request = patch(path(manifest.ref()), manifest, force, "");
    var _ = send(request, manifest.ref().toString(), false);
  }

  private HttpRequest.Builder patch(String path, Manifest manifest, boolean force, String more) {
    var query = "?fieldManager=%s&force=%s%s".formatted(Manifest.MANAGER, force, more);
    return request(path + query)
        .method("PATCH", "application/apply-patch+yaml", text(manifest.content()));
  }

  private String text(Map<String, ?> object) {
    try {
      return json.writeValueAsString(object);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps can be written", e);
    }
  }

  private String path(ObjectRef ref) throws ClusterException {
    try {
      return kinds
          .of(ref.apiVersion(), ref.kind())
          .join()
          .orElseThrow(() ->
              new ClusterException(
                  "%s: the API has no kind '%s' in %s".formatted(ref, ref.kind(), ref.apiVersion()),
                  "install what defines it first (a CustomResourceDefinition), or correct the"
                      + " apiVersion",
                  null))
          .path(ref);
    } catch (CompletionException e) {
      throw Refusals.unanswered(server, e.getCause() == null ? e : e.getCause());
    }
  }

  private HttpResponse<byte[]> send(HttpRequest.Builder request, String subject, boolean mayBeGone)
      throws ClusterException {
    try {
      var response = http.sendAsync(request.build(), byte[].class).join();
      if (!response.isSuccessful() && !(mayBeGone && response.code() == NOT_FOUND)) {
        throw Refusals.of(subject, response.code(), status(response));
      }
      return response;
    } catch (CompletionException e) {
      throw Refusals.unanswered(server, e.getCause() == null ? e : e.getCause());
    }
  }

  /** GET; empty where there is nothing. */
  private CompletableFuture<Optional<Map<String, Object>>> find(String path) {
    return http.sendAsync(request(path).build(), byte[].class)
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

  private HttpRequest.Builder request(String path) {
    return http.newHttpRequestBuilder().uri(server + path).header("Accept", "application/json");
  }

  @SuppressWarnings("unchecked") // what JSON calls an object has strings as keys
  private Map<String, Object> read(HttpResponse<byte[]> response) {
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

  private Map<String, Object> status(HttpResponse<byte[]> response) {
    try {
      return read(response);
    } catch (CompletionException _) {
      return Map.of("message", new String(response.body(), StandardCharsets.UTF_8).strip());
    }
  }

  private static String query(String key, String value) {
    return value.isEmpty()
        ? ""
        : "?" + key + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    http.close();
  }
}

package io.provision.fabric8;

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
import io.provision.kube.WholeObjects;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** One API server; questions are asked all at once. */
final class Fabric8Api implements ClusterApi {
  private final ApiHttp http;
  private final View view = new Looking();
  private final Work work;

  Fabric8Api(String server, HttpClient client) {
    this(server, client, ApiHttp.LIMIT);
  }

  /**
   * @param bearer as {@link ApiHttp} takes it
   */
  Fabric8Api(String server, HttpClient client, Supplier<Optional<String>> bearer) {
    this(server, client, ApiHttp.LIMIT, bearer);
  }

  /**
   * @param limit until a request that has no answer counts as one that will have none
   */
  Fabric8Api(String server, HttpClient client, Duration limit) {
    this(server, client, limit, Optional::empty);
  }

  private Fabric8Api(
      String server, HttpClient client, Duration limit, Supplier<Optional<String>> bearer) {
    this.http = new ApiHttp(server, client, limit, bearer);
    this.work = new Fabric8Work(http);
  }

  @Override
  public String server() {
    return http.server();
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
      throw Refusals.unanswered(http.server(), e.getCause() == null ? e : e.getCause());
    }
  }

  /** Of which those are looked for that are of type LoadBalancer. */
  private static final int MOST_SERVICES = 2000;

  private static final Duration SERVICES = Duration.ofSeconds(10);

  private CompletableFuture<?> ask(ClusterQuestion<?> question) {
    return switch (question) {
      case ClusterQuestion.One(var ref) -> one(ref);
      case ClusterQuestion.Declared(var manifest) ->
          one(manifest.ref()).thenApply(DeclaredObject::new);
      case ClusterQuestion.All all -> all(all);
      case ClusterQuestion.InPassing(var all) -> all(all).thenApply(Optional::of);
      case ClusterQuestion.States states -> states(states);
      case ClusterQuestion.Whole whole -> whole(whole);
      case ClusterQuestion.FromHere(var most, var each) ->
          states(new ClusterQuestion.States("v1", "Service", MOST_SERVICES, SERVICES))
              .thenApplyAsync(services -> ServiceReach.of(services, most, each));
    };
  }

  private CompletableFuture<Optional<LiveObject>> one(ObjectRef ref) {
    return http.kinds()
        .of(ref.apiVersion(), ref.kind())
        .thenCompose(kind ->
            kind.isEmpty()
                ? CompletableFuture.completedFuture(Optional.<Map<String, Object>>empty())
                : http.find(kind.get().path(ref)))
        .thenApply(found -> found.map(LiveObject::of));
  }

  /** What it cannot say is an answer too: our own comparison has to do then. */
  private CompletableFuture<Preview> dryRun(Manifest manifest) {
    var ref = manifest.ref();
    return http.kinds()
        .of(ref.apiVersion(), ref.kind())
        .thenCompose(kind ->
            kind.isEmpty()
                ? CompletableFuture.completedFuture(new Preview.CannotSay("it has no such kind"))
                : http.ask(patch(kind.get().path(ref), manifest, true, "&dryRun=All"))
                    .thenApply(this::preview));
  }

  private Preview preview(HttpResponse<byte[]> response) {
    return response.isSuccessful()
        ? new Preview.Would(LiveObject.of(http.read(response)))
        : new Preview.CannotSay(
            "%d, %s"
                .formatted(
                    response.code(),
                    http.status(response).getOrDefault("message", "no reason given")));
  }

  private CompletableFuture<List<LiveObject>> all(ClusterQuestion.All question) {
    return http.kinds()
        .of(question.apiVersion(), question.kind())
        .thenCompose(kind ->
            kind.isEmpty()
                ? CompletableFuture.completedFuture(Optional.empty())
                : http.find(kind.get().all() + ApiHttp.query("labelSelector", question.selector())))
        .thenApply(found ->
            found
                .map(list -> items(list, question.apiVersion(), question.kind()))
                .orElse(List.of()));
  }

  /** Never fails: that it did not answer is an answer. */
  private CompletableFuture<ObjectStates> states(ClusterQuestion.States question) {
    return http.kinds()
        .of(question.apiVersion(), question.kind())
        .thenCompose(kind ->
            kind.isEmpty()
                ? CompletableFuture.completedFuture(Optional.<Map<String, Object>>empty())
                : http.find(kind.get().all() + "?limit=" + question.most()))
        .thenApply(found -> StateList.of(found.orElse(Map.of())))
        .orTimeout(question.budget().toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            e -> new ObjectStates.Unheard(StateList.why(http.server(), question.budget(), e)));
  }

  /** Never fails, as {@link #states}. */
  private CompletableFuture<WholeObjects> whole(ClusterQuestion.Whole question) {
    return http.kinds()
        .of(question.apiVersion(), question.kind())
        .thenCompose(kind ->
            kind.isEmpty()
                ? CompletableFuture.completedFuture(List.<Map<String, Object>>of())
                : new PagedList(http).ask(kind.get().all(), ""))
        .thenApply(WholeObjects::of)
        .orTimeout(question.budget().toMillis(), TimeUnit.MILLISECONDS)
        .exceptionally(
            e -> WholeObjects.unheard(StateList.why(http.server(), question.budget(), e)));
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

  @Override
  public void change(ClusterChange change) throws ClusterException {
    switch (change) {
      case ClusterChange.Apply(var manifest, var force) -> apply(manifest, force);
      case ClusterChange.Delete(var ref) -> work().delete(ref);
    }
  }

  private void apply(Manifest manifest, boolean force) throws ClusterException {
    var request = patch(http.path(manifest.ref()), manifest, force, "");
    var _ = http.send(request, manifest.ref().toString(), false);
  }

  private HttpRequest.Builder patch(String path, Manifest manifest, boolean force, String more) {
    var query = "?fieldManager=%s&force=%s%s".formatted(Manifest.MANAGER, force, more);
    return http.request(path + query)
        .method("PATCH", "application/apply-patch+yaml", http.text(manifest.content()));
  }

  @Override
  public void close() {
    http.close();
  }
}

package io.provision.fabric8;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.provision.kube.FakeCluster;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** An API server that knows a few kinds and refuses whatever else it is asked. */
final class ApiServer implements AutoCloseable {
  private static final Map<String, List<Map<String, Object>>> KINDS =
      Map.of(
          "/api/v1",
          List.of(
              kind("configmaps", "ConfigMap", true),
              kind("namespaces", "Namespace", false),
              kind("nodes", "Node", false),
              kind("pods", "Pod", true)),
          "/apis/storage.k8s.io/v1",
          List.of(
              kind("storageclasses", "StorageClass", false),
              kind("storageclasses/status", "StorageClass", false)));
  private static final Pattern ONE =
      Pattern.compile("(/apis?/[a-z0-9./]*v1)(?:/namespaces/([a-z]+))?/([a-z]+)/([a-z0-9-]+)");
  private static final Pattern ALL = Pattern.compile("(/apis?/[a-z0-9./]*v1)/([a-z]+)");

  private static final String ATTACHMENTS = "/apis/storage.k8s.io/v1/volumeattachments";

  /** Of these there can be many, so that whoever lists them says how many at most. */
  private static final Map<String, String> MANY =
      Map.of("/api/v1/nodes", "nodes", "/api/v1/pods", "pods");

  /** By a number, or to the pods of one node that have not ended. */
  private static final String LIMITED =
      "limit=[1-9][0-9]{0,4}"
          + "|fieldSelector=spec.nodeName=[a-z0-9]+,status.phase!=Succeeded,status.phase!=Failed";

  private static final Pattern EVICTION =
      Pattern.compile("/api/v1/namespaces/([a-z-]+)/pods/([a-z0-9-]+)/eviction");

  private static final String DRY_RUN = "fieldManager=provision&force=true&dryRun=All";

  private final HttpServer server;
  private final JsonMapper json = new JsonMapper();
  private final FakeCluster cluster = new FakeCluster();
  private final Map<String, Function<String, Answer>> paged = new ConcurrentHashMap<>();
  private final Map<String, Supplier<Answer>> many = new ConcurrentHashMap<>();
  private final List<String> merged = Collections.synchronizedList(new ArrayList<>());
  private volatile Optional<Supplier<Answer>> evictions = Optional.empty();
  private final List<String> requests = Collections.synchronizedList(new ArrayList<>());

  ApiServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.setExecutor(java.util.concurrent.Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  FakeCluster cluster() {
    return cluster;
  }

  /** Method and path of every request so far. */
  List<String> requests() {
    return List.copyOf(requests);
  }

  private void answer(HttpExchange exchange) throws IOException {
    requests.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    var path = exchange.getRequestURI().getPath();
    var answer =
        switch (exchange.getRequestMethod()) {
          case "GET" ->
              paged.containsKey(path)
                  ? paged.get(path).apply(exchange.getRequestURI().getRawQuery())
                  : MANY.containsKey(path)
                      ? list(path, exchange.getRequestURI().getQuery())
                      : get(path);
          case "PATCH" -> patch(exchange, path);
          case "POST" -> evict(exchange, path);
          case "DELETE" -> delete(path);
          default -> error(405, "not allowed");
        };
    var bytes = json.writeValueAsBytes(answer.body());
    exchange.getResponseHeaders().add("Content-Type", "application/json");
    exchange.sendResponseHeaders(answer.code(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  record Answer(int code, Map<String, ?> body) {}

  /** What it says to whoever lists these. */
  void lists(String path, Supplier<Answer> answer) {
    many.put(path, answer);
  }

  /** What it says to whoever lists volumes that are attached; it does not know them before. */
  void attachments(Supplier<Answer> answer) {
    many.put(ATTACHMENTS, answer);
  }

  /** What it says to whoever asks this path so, by the query. */
  void pages(String path, Function<String, Answer> answer) {
    paged.put(path, answer);
  }

  private Answer list(String path, String query) {
    return query == null || !query.matches(LIMITED) || !many.containsKey(path)
        ? error(400, "unexpected: %s?%s".formatted(path, query))
        : many.get(path).get();
  }

  private Answer get(String path) {
    if (KINDS.containsKey(path)) {
      return new Answer(200, Map.of("resources", KINDS.get(path)));
    }
    if (path.equals(ATTACHMENTS) && many.containsKey(path)) {
      return many.get(path).get();
    }
    var all = ALL.matcher(path);
    if (all.matches() && kind(all.group(1), all.group(2)).isPresent()) {
      var kind = kind(all.group(1), all.group(2)).get();
      var items = new ArrayList<Object>();
      for (var ref : cluster.refs()) {
        if (ref.kind().equals(kind)) {
          var item = new LinkedHashMap<>(cluster.find(ref).orElseThrow());
          item.keySet().removeAll(List.of("kind", "apiVersion"));
          items.add(item);
        }
      }
      return new Answer(200, Map.of("kind", kind + "List", "items", items));
    }
    return at(path)
        .flatMap(cluster::find)
        .map(found -> new Answer(200, found))
        .orElseGet(() -> error(404, path + " not found"));
  }

  /** From now on evictions are answered so. */
  void evictions(Supplier<Answer> answer) {
    evictions = Optional.of(answer);
  }

  /** Bodies of merge patches so far. */
  List<String> merged() {
    return List.copyOf(merged);
  }

  private Answer evict(HttpExchange exchange, String path) throws IOException {
    var pod = EVICTION.matcher(path);
    var body = json.readTree(exchange.getRequestBody());
    if (!pod.matches()
        || !exchange.getRequestHeaders().getFirst("Content-Type").startsWith("application/json")
        || !body.path("apiVersion").asText().equals("policy/v1")
        || !body.path("kind").asText().equals("Eviction")
        || !body.path("metadata").path("namespace").asText().equals(pod.group(1))
        || !body.path("metadata").path("name").asText().equals(pod.group(2))) {
      return error(400, "no eviction: " + body);
    }
    return evictions.orElseThrow().get();
  }

  @SuppressWarnings("unchecked")
  private Answer patch(HttpExchange exchange, String path) throws IOException {
    var query = exchange.getRequestURI().getQuery();
    var type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (type.startsWith("application/merge-patch+json")
        && query.equals("fieldManager=provision")
        && at(path).flatMap(cluster::find).isPresent()) {
      merged.add(new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8));
      return new Answer(200, cluster.find(at(path).get()).orElseThrow());
    }
    if (!type.startsWith("application/apply-patch+yaml")
        || !query.matches("fieldManager=provision&force=(true|false)|" + DRY_RUN)) {
      return error(415, "unexpected: %s %s".formatted(type, query));
    }
    Map<String, Object> body = json.readValue(exchange.getRequestBody(), LinkedHashMap.class);
    var manifest = Manifest.of(body);
    if (at(path).isEmpty()) {
      return error(404, "no such path: " + path);
    }
    if (!at(path).get().name().equals(manifest.ref().name())) {
      return error(400, "the name of the path is another");
    }
    if (query.equals(DRY_RUN)) {
      return cluster
          .noDryRuns()
          .map(why -> error(400, why))
          .orElseGet(() -> new Answer(200, cluster.dryRun(manifest, "provision")));
    }
    var conflicts = cluster.apply(manifest, "provision", query.endsWith("true"));
    if (conflicts.isEmpty()) {
      return new Answer(200, cluster.find(manifest.ref()).orElseThrow());
    }
    var causes =
        conflicts.stream()
            .map(it ->
                Map.of("reason", "FieldManagerConflict", "message", it, "field", ".data.colour"))
            .toList();
    return new Answer(
        409, Map.of("kind", "Status", "message", "conflict", "details", Map.of("causes", causes)));
  }

  private Answer delete(String path) {
    var ref = at(path).filter(it -> cluster.find(it).isPresent());
    ref.ifPresent(cluster::delete);
    return ref.isPresent() ? new Answer(200, Map.of("kind", "Status")) : error(404, "not found");
  }

  private static Optional<ObjectRef> at(String path) {
    var one = ONE.matcher(path);
    if (!one.matches()) {
      return Optional.empty();
    }
    var version = one.group(1).replaceFirst("^/apis?/", "");
    return kind(one.group(1), one.group(3))
        .map(kind -> new ObjectRef(version, kind, Optional.ofNullable(one.group(2)), one.group(4)));
  }

  private static Optional<String> kind(String base, String plural) {
    return KINDS.getOrDefault(base, List.of()).stream()
        .filter(kind -> plural.equals(kind.get("name")))
        .map(kind -> String.valueOf(kind.get("kind")))
        .findFirst();
  }

  private static Map<String, Object> kind(String plural, String kind, boolean namespaced) {
    return Map.of("name", plural, "kind", kind, "namespaced", namespaced);
  }

  static Answer error(int code, String message) {
    return new Answer(code, Map.of("kind", "Status", "message", message));
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

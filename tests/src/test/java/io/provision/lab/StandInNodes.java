package io.provision.lab;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;

/**
 * A stand-in for the part of an API by which nodes are taken out of use and leave, for tests only:
 * it knows the nodes that the stand-ins for k3s or kubeadm know, and a pod of a workload and one of
 * a DaemonSet on each. A first eviction is refused for a budget, one on a node that is not cordoned
 * always. The stand-ins pass TLS connections on to it.
 */
final class StandInNodes implements AutoCloseable {
  private static final Pattern NODE = Pattern.compile("/api/v1/nodes/([a-z0-9]+)");
  private static final Pattern PODS =
      Pattern.compile(
          "fieldSelector=spec.nodeName=([a-z0-9]+),status.phase!=Succeeded,status.phase!=Failed");
  private static final Pattern EVICTION =
      Pattern.compile("/api/v1/namespaces/shop/pods/web-([a-z0-9]+)/eviction");

  /** Of a group that it does not have. */
  private static final String ATTACHMENTS = "/apis/storage.k8s.io/v1/volumeattachments";

  private static final String ANNOTATION = "provision.io/cordoned";
  private static final String REMOVE = "etcd.k3s.cattle.io/remove";
  private static final String KUBECTL =
      """
      admin() {
        if [ -e /etc/kubernetes/admin.conf ]; then
          kubectl --kubeconfig=/etc/kubernetes/admin.conf "$@"
        else
          k3s kubectl "$@"
        fi
      }
      """;

  private final HttpsServer server;
  private final List<Node> nodes;
  private final Optional<StandInApi> others;
  private final StandInLease lease = new StandInLease();
  private final JsonMapper json = new JsonMapper();
  private final Map<String, Integer> evictions = new HashMap<>();
  private final List<String> evicted = Collections.synchronizedList(new ArrayList<>());
  private final List<String> deleted = Collections.synchronizedList(new ArrayList<>());
  private final List<String> refused = Collections.synchronizedList(new ArrayList<>());

  private record Answer(int code, Object body) {}

  /**
   * @param address of this machine, as the nodes reach it
   * @param nodes the first of them shows its certificate; the first that is up is asked
   */
  StandInNodes(String address, List<Node> nodes) {
    this(address, nodes, Optional.empty());
  }

  /**
   * @param others what is no node and no pod is asked there
   */
  StandInNodes(String address, List<Node> nodes, Optional<StandInApi> others) {
    this.nodes = List.copyOf(nodes);
    this.others = others;
    try {
      server = HttpsServer.create(new InetSocketAddress(address, 0), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(StandInApi.certificate(nodes.getFirst())));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no API can stand in at " + address, e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
    var place = address + " " + server.getAddress().getPort();
    nodes.forEach(node -> node.sh("echo '%s' >/etc/stand-in-api".formatted(place)));
  }

  /** The nodes whose pod was evicted, in order. */
  List<String> evicted() {
    return List.copyOf(evicted);
  }

  /** The nodes that were deleted, in order. */
  List<String> deleted() {
    return List.copyOf(deleted);
  }

  /** What it was asked and does not know, or must not do. */
  List<String> refused() {
    return List.copyOf(refused);
  }

  private synchronized void answer(HttpExchange exchange) throws IOException {
    var path = exchange.getRequestURI().getPath();
    var query = Objects.toString(exchange.getRequestURI().getQuery(), "");
    if (others.isPresent() && !isOfNodes(path, query)) {
      others.get().answer(exchange);
      return;
    }
    var answer =
        StandInLease.concerns(path) ? lease(path, exchange) : ofNodes(path, query, exchange);
    if (answer.code() == 400) {
      refused.add(exchange.getRequestMethod() + " " + exchange.getRequestURI());
    }
    var bytes = json.writeValueAsBytes(answer.body());
    exchange.sendResponseHeaders(answer.code(), bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private Answer lease(String path, HttpExchange exchange) throws IOException {
    var body = json.readTree(exchange.getRequestBody());
    var answer = lease.answer(exchange.getRequestMethod(), path, body);
    return new Answer(answer.code(), answer.body());
  }

  private Answer ofNodes(String path, String query, HttpExchange exchange) throws IOException {
    return switch (exchange.getRequestMethod()) {
      case "GET" -> get(path, query);
      case "PATCH" -> patch(path, exchange);
      case "POST" -> evict(path);
      case "DELETE" -> delete(path);
      default -> new Answer(405, Map.of("message", "not allowed"));
    };
  }

  private static boolean isOfNodes(String path, String query) {
    return StandInLease.concerns(path)
        || NODE.matcher(path).matches()
        || path.equals(ATTACHMENTS)
        || EVICTION.matcher(path).matches()
        || path.equals("/api/v1/pods") && PODS.matcher(query).matches();
  }

  private Answer get(String path, String query) throws IOException {
    if (path.equals("/api/v1")) {
      var nodes = Map.of("kind", "Node", "name", "nodes", "namespaced", false);
      var pods = Map.of("kind", "Pod", "name", "pods", "namespaced", true);
      return new Answer(200, Map.of("resources", List.of(nodes, pods)));
    }
    var node = NODE.matcher(path);
    if (node.matches()) {
      return found(node.group(1));
    }
    var pods = PODS.matcher(query);
    if (path.equals("/api/v1/pods") && pods.matches()) {
      return new Answer(200, Map.of("items", pods(pods.group(1))));
    }
    return path.startsWith("/apis/")
        ? new Answer(404, Map.of("message", "no such group"))
        : new Answer(400, Map.of("message", "unexpected"));
  }

  private List<Object> pods(String node) {
    var agent = pod("agent-" + node, "DaemonSet");
    return evicted.contains(node)
        ? List.of(agent)
        : List.of(agent, pod("web-" + node, "ReplicaSet"));
  }

  private static Map<String, Object> pod(String name, String owner) {
    var controller = Map.of("kind", owner, "controller", true);
    return Map.of(
        "metadata",
        Map.of("name", name, "namespace", "shop", "ownerReferences", List.of(controller)));
  }

  private Answer found(String name) throws IOException {
    return node(name)
        .map(node -> new Answer(200, node))
        .orElseGet(
            () -> new Answer(404, Map.of("message", "nodes \"%s\" not found".formatted(name))));
  }

  private Optional<JsonNode> node(String name) throws IOException {
    var all = json.readTree(admin("get nodes -o json")).path("items");
    return StreamSupport.stream(all.spliterator(), false)
        .filter(item -> item.path("metadata").path("name").asText().equals(name))
        .findFirst();
  }

  /** Whoever leaves may be the first, or may have been. */
  private String admin(String words) {
    return nodes.stream()
        .filter(node -> node.answers(KUBECTL + "admin get --raw=/readyz"))
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("no server is up"))
        .sh(KUBECTL + "admin " + words);
  }

  private Answer patch(String path, HttpExchange exchange) throws IOException {
    var node = NODE.matcher(path);
    var type = exchange.getRequestHeaders().getFirst("Content-Type");
    var body = json.readTree(exchange.getRequestBody());
    if (!node.matches() || !type.startsWith("application/merge-patch+json")) {
      return new Answer(400, Map.of("message", "unexpected: " + body));
    }
    var name = node.group(1);
    if (node(name).isEmpty() || leaves(name, body) || isTakenOutOfUse(name, body)) {
      return found(name);
    }
    return new Answer(400, Map.of("message", "unexpected: " + body));
  }

  /** As k3s is asked to remove a member of etcd. */
  private boolean leaves(String name, JsonNode body) {
    var asked = json.createObjectNode();
    asked.putObject("metadata").putObject("annotations").put(REMOVE, "true");
    if (!body.equals(asked)) {
      return false;
    }
    admin("annotate node %s %s=true".formatted(name, REMOVE));
    return true;
  }

  /** Claim and cordon are set, or go, in one patch. */
  private boolean isTakenOutOfUse(String name, JsonNode body) {
    var cordon = body.at("/spec/unschedulable");
    var claim = body.path("metadata").path("annotations").path(ANNOTATION);
    if (cordon.isMissingNode() || claim.isMissingNode() || cordon.isNull() != claim.isNull()) {
      return false;
    }
    admin((claim.isNull() ? "uncordon " : "cordon ") + name);
    admin(
        "annotate node %s %s%s"
            .formatted(name, ANNOTATION, claim.isNull() ? "-" : "=" + claim.asText()));
    return true;
  }

  /** It may still be there for a while. */
  private Answer delete(String path) throws IOException {
    var node = NODE.matcher(path);
    if (!node.matches()) {
      return new Answer(400, Map.of("message", "unexpected"));
    }
    var is = found(node.group(1));
    if (is.code() == 200) {
      admin("delete node %s --wait=false".formatted(node.group(1)));
      deleted.add(node.group(1));
    }
    return is;
  }

  private Answer evict(String path) throws IOException {
    var pod = EVICTION.matcher(path);
    if (!pod.matches() || !isCordoned(pod.group(1))) {
      return new Answer(400, Map.of("message", "unexpected"));
    }
    if (evictions.merge(pod.group(1), 1, Integer::sum) == 1) {
      return new Answer(429, Map.of("message", "it would violate the pod's disruption budget"));
    }
    evicted.add(pod.group(1));
    return new Answer(201, Map.of("kind", "Status"));
  }

  private boolean isCordoned(String name) throws IOException {
    return node(name).map(node -> node.at("/spec/unschedulable").asBoolean()).orElse(false);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

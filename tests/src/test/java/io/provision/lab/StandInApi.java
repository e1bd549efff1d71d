package io.provision.lab;

import com.fasterxml.jackson.databind.json.JsonMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/**
 * A stand-in for the API of a cluster, for tests only: GET, server-side apply and DELETE of the
 * kinds that storage, MetalLB and Calico need, with managedFields; whatever else it is asked it
 * refuses. It shows the certificate that the stand-in for k3s made on a node. As k3s does, it makes
 * objects of its own only some time after it answers: here once its add-ons were asked for twice.
 */
final class StandInApi implements AutoCloseable {
  /** What k3s makes as well, and after how many questions. */
  static final String CLASS_OF_K3S = "/apis/storage.k8s.io/v1/storageclasses/local-path";

  private static final int LATE = 2;
  private static final String ADDONS = "/apis/k3s.cattle.io/v1";
  private static final Map<String, Map<String, String>> KINDS =
      Map.of(
          "/apis/admissionregistration.k8s.io/v1",
          Map.of("ValidatingWebhookConfiguration", "validatingwebhookconfigurations"),
          "/apis/apiextensions.k8s.io/v1",
          Map.of("CustomResourceDefinition", "customresourcedefinitions"),
          "/apis/metallb.io/v1beta1",
          Map.of("IPAddressPool", "ipaddresspools", "L2Advertisement", "l2advertisements"),
          "/apis/operator.tigera.io/v1",
          Map.of("Installation", "installations", "TigeraStatus", "tigerastatuses"),
          "/apis/crd.projectcalico.org/v1",
          Map.of("IPPool", "ippools"),
          "/api/v1",
          Map.of(
              "Namespace", "namespaces",
              "Node", "nodes",
              "Pod", "pods",
              "ServiceAccount", "serviceaccounts",
              "ConfigMap", "configmaps",
              "Service", "services",
              "PersistentVolume", "persistentvolumes",
              "PersistentVolumeClaim", "persistentvolumeclaims"),
          "/apis/apps/v1",
          Map.of("Deployment", "deployments", "DaemonSet", "daemonsets"),
          "/apis/rbac.authorization.k8s.io/v1",
          Map.of(
              "Role", "roles",
              "RoleBinding", "rolebindings",
              "ClusterRole", "clusterroles",
              "ClusterRoleBinding", "clusterrolebindings"),
          "/apis/storage.k8s.io/v1",
          Map.of("StorageClass", "storageclasses"),
          ADDONS,
          Map.of("Addon", "addons"));
  private static final List<String> OF_THE_CLUSTER =
      List.of(
          "Namespace",
          "Node",
          "PersistentVolume",
          "ClusterRole",
          "ClusterRoleBinding",
          "CustomResourceDefinition",
          "Installation",
          "IPPool",
          "StorageClass",
          "TigeraStatus",
          "ValidatingWebhookConfiguration");
  private static final Pattern PATH =
      Pattern.compile(
          "(/apis?/(?:[a-z0-9.]+/)?v1(?:beta1)?)(?:/namespaces/([a-z-]+))?/([a-z0-9]+)(?:/([a-z0-9:.-]+))?");

  private static final Pattern SELECTOR =
      Pattern.compile("labelSelector=[^=,]+=[^=,]+(,[^=,]+=[^=,]+)*");

  /** Maps that are one value; see structType=atomic in k8s.io/api. */
  private static final List<String> WHOLE = List.of("selector", "roleRef");

  private final HttpsServer server;
  private final JsonMapper json = new JsonMapper();
  private final Map<String, Map<String, Object>> objects = new LinkedHashMap<>();
  private final List<String> changes = Collections.synchronizedList(new ArrayList<>());
  private final List<String> previewed = Collections.synchronizedList(new ArrayList<>());
  private int addonsAsked;
  private final List<String> refused = Collections.synchronizedList(new ArrayList<>());

  /**
   * @param address of this machine, as the node's certificate names it
   */
  StandInApi(String address, Node node) {
    try {
      server = HttpsServer.create(new InetSocketAddress(address, 6443), 0);
      server.setHttpsConfigurator(new HttpsConfigurator(certificate(node)));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no API can stand in at " + address, e);
    }
    server.createContext("/", this::answer);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.start();
  }

  /** What the stand-in for k3s, or for kubeadm, shows on this node. */
  static SSLContext certificate(Node node) throws IOException, GeneralSecurityException {
    var text =
        node.sh(
            """
            cd /etc/kubernetes/pki 2>/dev/null && set -- apiserver.crt apiserver.key ||
              { cd /var/lib/rancher/k3s/server/tls && set -- serving-kube-apiserver.crt serving.key; }
            openssl pkcs12 -export -passout pass:secret -in "$1" -inkey "$2" | base64 -w 0
            """);
    var store = KeyStore.getInstance("PKCS12");
    var secret = "secret".toCharArray();
    store.load(new ByteArrayInputStream(Base64.getDecoder().decode(text.strip())), secret);
    var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, secret);
    var context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  /** What k3s makes of its manifests. */
  private void bundled() {
    for (var name : List.of("local-storage", "rolebindings")) {
      objects.put(
          ADDONS + "/addons/" + name,
          Map.of("metadata", Map.of("name", name), "spec", Map.of("checksum", "1f")));
    }
    var isDefault = Map.of("storageclass.kubernetes.io/is-default-class", "true");
    objects.put(
        CLASS_OF_K3S,
        Map.of(
            "apiVersion",
            "storage.k8s.io/v1",
            "kind",
            "StorageClass",
            "metadata",
            Map.of("name", "local-path", "annotations", isDefault),
            "provisioner",
            "rancher.io/local-path"));
  }

  /** Paths that were changed, in order. */
  List<String> changes() {
    return List.copyOf(changes);
  }

  /** Paths of which a dry run was asked for, in order. */
  List<String> previewed() {
    return List.copyOf(previewed);
  }

  /** What it was asked and does not know. */
  List<String> refused() {
    return List.copyOf(refused);
  }

  synchronized void answer(HttpExchange exchange) throws IOException {
    var method = exchange.getRequestMethod();
    var uri = exchange.getRequestURI();
    Map<String, Object> body = null;
    if (method.equals("GET") && KINDS.containsKey(uri.getPath())) {
      body = kinds(uri.getPath());
    } else if (PATH.matcher(uri.getPath()).matches()) {
      body =
          switch (method) {
            case "GET" -> get(uri.getPath(), uri.getQuery());
            case "PATCH" -> patch(exchange);
            case "DELETE" -> delete(uri.getPath());
            default -> null;
          };
    }
    var code = body == null ? 400 : (int) body.getOrDefault("code", 200);
    if (uri.getPath().equals(ADDONS + "/addons") && ++addonsAsked == LATE) {
      bundled();
    }
    if (body == null) {
      refused.add(method + " " + uri);
    }
    var bytes = json.writeValueAsBytes(body == null ? Map.of("message", "unexpected") : body);
    exchange.sendResponseHeaders(code, bytes.length);
    exchange.getResponseBody().write(bytes);
    exchange.close();
  }

  private static Map<String, Object> kinds(String base) {
    var resources = new ArrayList<Object>();
    KINDS
        .get(base)
        .forEach((kind, plural) ->
            resources.add(
                Map.of(
                    "kind", kind, "name", plural, "namespaced", !OF_THE_CLUSTER.contains(kind))));
    return Map.of("resources", resources);
  }

  private Map<String, Object> get(String path, String query) {
    var parts = PATH.matcher(path);
    if (parts.matches() && parts.group(4) == null) {
      var items =
          objects.entrySet().stream()
              .filter(it -> isIn(it.getKey(), parts))
              .map(Map.Entry::getValue)
              .filter(it -> query == null || query.matches("limit=\\d+") || has(it, query))
              .toList();
      return Map.of("items", items);
    }
    return objects.getOrDefault(path, Map.of("code", 404, "message", "not found"));
  }

  /** A list without a namespace has the objects of all of them. */
  private static boolean isIn(String object, Matcher list) {
    var parts = PATH.matcher(object);
    return parts.matches()
        && parts.group(1).equals(list.group(1))
        && parts.group(3).equals(list.group(3))
        && (list.group(2) == null || list.group(2).equals(parts.group(2)));
  }

  /** What lies in a namespace goes with it. */
  private Map<String, Object> delete(String path) {
    if (objects.remove(path) == null) {
      return Map.of("code", 404, "message", "not found");
    }
    if (path.matches("/api/v1/namespaces/[^/]+")) {
      objects.keySet().removeIf(it -> it.contains(path.substring("/api/v1".length()) + "/"));
    }
    changes.add("DELETE " + path);
    return Map.of("kind", "Status", "status", "Success");
  }

  /** Whether an object has the labels that a query wants. */
  private static boolean has(Map<String, Object> object, String query) {
    if (!SELECTOR.matcher(query).matches()) {
      throw new IllegalArgumentException("the stand-in does not know " + query);
    }
    return object.get("metadata") instanceof Map<?, ?> metadata
        && metadata.get("labels") instanceof Map<?, ?> labels
        && Stream.of(query.substring(query.indexOf('=') + 1).split(","))
            .map(it -> it.split("="))
            .allMatch(it -> it[1].equals(labels.get(it[0])));
  }

  @SuppressWarnings("unchecked") // what JSON calls an object has strings as keys
  private Map<String, Object> patch(HttpExchange exchange) throws IOException {
    var uri = exchange.getRequestURI();
    var type = exchange.getRequestHeaders().getFirst("Content-Type");
    if (!type.startsWith("application/apply-patch+yaml")
        || !String.valueOf(uri.getQuery())
            .matches("fieldManager=provision&force=(true|false)(&dryRun=All)?")) {
      return null;
    }
    Map<String, Object> object = json.readValue(exchange.getRequestBody(), LinkedHashMap.class);
    var metadata = (Map<String, Object>) object.get("metadata");
    var fields = fields(object); // of what was sent, before anything is filled in
    StandInDefaults.fill(object);
    metadata.put("managedFields", List.of(Map.of("manager", "provision", "fieldsV1", fields)));
    metadata.put("generation", 1);
    metadata.put("resourceVersion", String.valueOf(changes.size()));
    if (object.get("kind").equals("CustomResourceDefinition")) {
      object.put(
          "status", Map.of("conditions", List.of(Map.of("type", "Established", "status", "True"))));
    }
    if (object.get("kind").equals("Installation")) {
      installed(object);
    }
    if (object.get("kind").equals("DaemonSet")) {
      object.put(
          "status",
          Map.of("observedGeneration", 1, "desiredNumberScheduled", 1, "numberAvailable", 1));
    }
    if (object.get("kind").equals("Deployment")) {
      object.put(
          "status",
          Map.of(
              "observedGeneration",
              1,
              "replicas",
              1,
              "updatedReplicas",
              1,
              "availableReplicas",
              1));
    }
    if (String.valueOf(uri.getQuery()).endsWith("&dryRun=All")) {
      previewed.add(uri.getPath());
      return object; // and nothing is kept of it
    }
    objects.put(uri.getPath(), object);
    changes.add(uri.getPath());
    return object;
  }

  /** As Calico's operator does: it fills in what was left out, and says that all is there. */
  @SuppressWarnings("unchecked") // what JSON calls an object has strings as keys
  private void installed(Map<String, Object> installation) {
    var spec = (Map<String, Object>) installation.get("spec");
    spec.putIfAbsent("controlPlaneReplicas", 2);
    spec.putIfAbsent("cni", Map.of("type", "Calico", "ipam", Map.of("type", "Calico")));
    ((Map<String, Object>) spec.get("calicoNetwork")).putIfAbsent("hostPorts", "Enabled");
    var said = Map.of("type", "Available", "status", "True", "message", "All objects available");
    objects.put(
        "/apis/operator.tigera.io/v1/tigerastatuses/calico",
        Map.of(
            "apiVersion",
            "operator.tigera.io/v1",
            "kind",
            "TigeraStatus",
            "metadata",
            Map.of("name", "calico"),
            "status",
            Map.of("conditions", List.of(said))));
  }

  /** As {@code kubectl edit} does: the field belongs to whoever set it from then on. */
  @SuppressWarnings("unchecked") // what JSON calls an object has strings as keys
  synchronized void edit(String path, String field, Object value) {
    var object = objects.get(path);
    ((Map<String, Object>) object.get("spec")).put(field, value);
    var metadata = (Map<String, Object>) object.get("metadata");
    var ours = (Map<String, Object>) ((List<?>) metadata.get("managedFields")).getFirst();
    var fields = (Map<String, Object>) ours.get("fieldsV1");
    ((Map<String, Object>) fields.get("f:spec")).remove("f:" + field);
    var theirs = Map.of("f:spec", Map.of("f:" + field, Map.of()));
    metadata.put(
        "managedFields", List.of(ours, Map.of("manager", "kubectl-edit", "fieldsV1", theirs)));
  }

  /** Every list as one value, which is more than the API knows of some; it is enough to compare. */
  private static Map<String, Object> fields(Object value) {
    var fields = new LinkedHashMap<String, Object>();
    if (value instanceof Map<?, ?> map) {
      map.forEach(
          (key, each) -> fields.put("f:" + key, WHOLE.contains(key) ? Map.of() : fields(each)));
    }
    return fields;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}

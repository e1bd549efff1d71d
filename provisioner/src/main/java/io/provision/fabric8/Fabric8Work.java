package io.provision.fabric8;

import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Single requests that actions are made of. */
record Fabric8Work(ApiHttp http) implements ClusterApi.Work {
  @Override
  public Optional<Map<String, Object>> read(ObjectRef ref) throws ClusterException {
    return http.now(http.find(http.path(ref)));
  }

  /** Those that have ended hold nothing and are told by their phase. */
  @Override
  public List<Map<String, Object>> podsOn(String node) throws ClusterException {
    var selector = "spec.nodeName=%s,status.phase!=Succeeded,status.phase!=Failed".formatted(node);
    return items("/api/v1/pods" + ApiHttp.query("fieldSelector", selector));
  }

  @Override
  public List<Map<String, Object>> podsIn(String namespace, String selector)
      throws ClusterException {
    var path = "/api/v1/namespaces/%s/pods".formatted(namespace);
    return new PagedList(http).all(path, selector);
  }

  @Override
  public List<Map<String, Object>> volumeAttachments() throws ClusterException {
    return items("/apis/storage.k8s.io/v1/volumeattachments");
  }

  private List<Map<String, Object>> items(String path) throws ClusterException {
    return http.now(http.find(path)).orElse(Map.of()).get("items") instanceof List<?> items
        ? items.stream().map(Fabric8Work::map).toList()
        : List.of();
  }

  @Override
  public void merge(ObjectRef ref, Map<String, Object> patch) throws ClusterException {
    var request =
        http.request(http.path(ref) + "?fieldManager=" + Manifest.MANAGER)
            .method("PATCH", "application/merge-patch+json", http.text(patch));
    var _ = http.send(request, ref.toString(), false);
  }

  @Override
  public boolean mergeUnchanged(ObjectRef ref, String version, Map<String, Object> patch)
      throws ClusterException {
    var whole = new LinkedHashMap<>(patch);
    var metadata = new LinkedHashMap<>(map(patch.get("metadata")));
    metadata.put("resourceVersion", version);
    whole.put("metadata", metadata);
    var request =
        http.request(http.path(ref) + "?fieldManager=" + Manifest.MANAGER)
            .method("PATCH", "application/merge-patch+json", http.text(whole));
    return http.sendUnlessConflicting(request, ref.toString());
  }

  @Override
  public boolean create(ObjectRef ref, Map<String, Object> object) throws ClusterException {
    var path = http.path(ref);
    var all = path.substring(0, path.lastIndexOf('/'));
    var request =
        http.request(all + "?fieldManager=" + Manifest.MANAGER)
            .method("POST", "application/json", http.text(object));
    return http.sendUnlessConflicting(request, ref.toString());
  }

  @Override
  public ClusterApi.Eviction evict(ObjectRef pod) throws ClusterException {
    var metadata = Map.of("name", pod.name(), "namespace", pod.namespace().orElse("default"));
    var body = Map.of("apiVersion", "policy/v1", "kind", "Eviction", "metadata", metadata);
    var request =
        http.request(http.path(pod) + "/eviction")
            .method("POST", "application/json", http.text(body));
    var response = http.now(http.ask(request));
    return Evictions.of(pod, response.code(), http.status(response));
  }

  @Override
  public void delete(ObjectRef ref) throws ClusterException {
    var request =
        http.request(http.path(ref) + "?propagationPolicy=Background")
            .method("DELETE", null, (String) null);
    var _ = http.send(request, ref.toString(), true);
  }

  @SuppressWarnings("unchecked") // what JSON calls an object has strings as keys
  private static Map<String, Object> map(@org.jspecify.annotations.Nullable Object value) {
    return value instanceof Map<?, ?> map ? (Map<String, Object>) map : Map.of();
  }
}

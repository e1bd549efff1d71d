package io.provision.simulated;

import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.kube.ObjectRef;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The API as a {@link Mutant} would read it. */
record LyingApi(
    ClusterApi.Work api,
    UnaryOperator<Map<String, Object>> node,
    UnaryOperator<Map<String, Object>> lease,
    UnaryOperator<Map<String, Object>> workload,
    UnaryOperator<Map<String, Object>> pod,
    boolean podless,
    boolean versionless)
    implements ClusterApi.Work {

  private static final String CLAIM = "provision.io/cordoned";

  static LyingApi on(ClusterApi.Work api) {
    var not = UnaryOperator.<Map<String, Object>>identity();
    return new LyingApi(api, not, not, not, not, false, false);
  }

  LyingApi nodes(UnaryOperator<Map<String, Object>> lie) {
    return new LyingApi(api, lie, lease, workload, pod, podless, versionless);
  }

  LyingApi leases(UnaryOperator<Map<String, Object>> lie) {
    return new LyingApi(api, node, lie, workload, pod, podless, versionless);
  }

  LyingApi workloads(UnaryOperator<Map<String, Object>> lie) {
    return new LyingApi(api, node, lease, lie, pod, podless, versionless);
  }

  LyingApi podsOfWorkloads(UnaryOperator<Map<String, Object>> lie) {
    return new LyingApi(api, node, lease, workload, lie, podless, versionless);
  }

  LyingApi noPods() {
    return new LyingApi(api, node, lease, workload, pod, true, versionless);
  }

  /** What was read may be of any time. */
  LyingApi whateverVersion() {
    return new LyingApi(api, node, lease, workload, pod, podless, true);
  }

  @SuppressWarnings("unchecked") // what JSON calls an object has strings as keys
  private static Map<String, Object> part(Map<String, Object> raw, String key) {
    return raw.get(key) instanceof Map<?, ?> map
        ? new LinkedHashMap<>((Map<String, Object>) map)
        : new LinkedHashMap<>();
  }

  private static Map<String, Object> with(Map<String, Object> raw, String key, Object value) {
    var changed = new LinkedHashMap<>(raw);
    changed.put(key, value);
    return changed;
  }

  static Map<String, Object> claimedIfCordoned(Map<String, Object> raw) {
    return part(raw, "spec").containsKey("unschedulable")
        ? with(
            raw, "metadata", with(part(raw, "metadata"), "annotations", Map.of(CLAIM, "rotation")))
        : raw;
  }

  static Map<String, Object> cordoned(Map<String, Object> raw) {
    return with(raw, "spec", Map.of("unschedulable", true));
  }

  static Map<String, Object> cordonedByUs(Map<String, Object> raw) {
    var ours = with(part(raw, "metadata"), "annotations", Map.of(CLAIM, "rotation"));
    return with(cordoned(raw), "metadata", ours);
  }

  static Map<String, Object> cordonedIfClaimed(Map<String, Object> raw) {
    return part(part(raw, "metadata"), "annotations").containsKey(CLAIM) ? cordoned(raw) : raw;
  }

  static Map<String, Object> unclaimed(Map<String, Object> raw) {
    return with(raw, "metadata", with(part(raw, "metadata"), "annotations", Map.of()));
  }

  static Map<String, Object> nobodys(Map<String, Object> raw) {
    return with(raw, "spec", with(part(raw, "spec"), "holderIdentity", ""));
  }

  static Map<String, Object> one(Map<String, Object> raw) {
    return with(raw, "spec", with(part(raw, "spec"), "replicas", 1));
  }

  static Map<String, Object> readyElsewhere(Map<String, Object> raw) {
    var ready = Map.of("conditions", List.of(Map.of("type", "Ready", "status", "True")));
    return with(
        with(raw, "spec", with(part(raw, "spec"), "nodeName", "elsewhere")), "status", ready);
  }

  @Override
  public Optional<Map<String, Object>> read(ObjectRef ref) throws ClusterException {
    var is = api.read(ref);
    return switch (ref.kind()) {
      case "Node" -> is.map(node);
      case "ReplicaSet" -> is.map(workload);
      case "Lease" -> ref.name().startsWith("provision-") ? is.map(lease) : is;
      default -> is;
    };
  }

  @Override
  public List<Map<String, Object>> podsOn(String node) throws ClusterException {
    return podless ? List.of() : api.podsOn(node);
  }

  @Override
  public List<Map<String, Object>> podsIn(String namespace, String selector)
      throws ClusterException {
    return api.podsIn(namespace, selector).stream().map(pod).toList();
  }

  @Override
  public List<Map<String, Object>> volumeAttachments() throws ClusterException {
    return api.volumeAttachments();
  }

  @Override
  public void merge(ObjectRef ref, Map<String, Object> patch) throws ClusterException {
    api.merge(ref, patch);
  }

  @Override
  public boolean mergeUnchanged(ObjectRef ref, String version, Map<String, Object> patch)
      throws ClusterException {
    if (versionless && ref.kind().equals("Node")) {
      api.merge(ref, patch);
      return true;
    }
    return api.mergeUnchanged(ref, version, patch);
  }

  @Override
  public boolean create(ObjectRef ref, Map<String, Object> object) throws ClusterException {
    return api.create(ref, object);
  }

  @Override
  public ClusterApi.Eviction evict(ObjectRef pod) throws ClusterException {
    return api.evict(pod);
  }

  @Override
  public void delete(ObjectRef ref) throws ClusterException {
    api.delete(ref);
  }
}

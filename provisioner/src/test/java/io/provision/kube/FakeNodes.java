package io.provision.kube;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Nodes and their pods. Every request is one tick of its time, in which pods that go, go. */
public final class FakeNodes implements ClusterApi.Work {
  private final Map<String, Map<String, Object>> nodes = new LinkedHashMap<>();
  private final Map<String, Pod> pods = new LinkedHashMap<>();
  private final Map<String, Map<String, Object>> claims = new LinkedHashMap<>();
  private final Map<ObjectRef, Map<String, Object>> objects = new HashMap<>();
  private final Map<Map<String, Object>, Integer> attachments = new LinkedHashMap<>();
  private final Map<String, Integer> silences = new HashMap<>();
  private final Map<String, Runnable> faster = new HashMap<>();
  private final List<String> requests = new ArrayList<>();
  private int changes;

  /** A pod that a workload makes in place of another one. */
  private record Comes(String name, String node, int readyIn) {}

  /** A pod, what is said to evictions of it, and how many looks it takes to go. */
  private static final class Pod {
    private final String node;
    private final Map<String, Object> metadata;
    private final Deque<ClusterApi.Eviction> answers;
    private final List<Map<String, Object>> volumes = new ArrayList<>();
    private int looks;
    private boolean ready;
    private int readyIn = -1;
    private Optional<Comes> instead = Optional.empty();

    private Pod(
        String node, Map<String, Object> metadata, List<ClusterApi.Eviction> answers, int looks) {
      this.node = node;
      this.metadata = new LinkedHashMap<>(metadata);
      this.answers = new ArrayDeque<>(answers);
      this.looks = looks;
    }

    private boolean isGoing() {
      return metadata.containsKey("deletionTimestamp");
    }
  }

  public synchronized FakeNodes node(String name) {
    nodes.put(name, new LinkedHashMap<>(Map.of("metadata", Map.of("name", name))));
    return this;
  }

  /** A pod of a workload; the last answer to an eviction is given for ever. */
  public synchronized FakeNodes pod(String name, String node, ClusterApi.Eviction... answers) {
    return pod(name, node, owner("ReplicaSet"), 1, answers);
  }

  /**
   * @param metadata besides name and namespace
   * @param looks how many it takes until it has gone
   */
  public synchronized FakeNodes pod(
      String name,
      String node,
      Map<String, Object> metadata,
      int looks,
      ClusterApi.Eviction... answers) {
    var all = new LinkedHashMap<>(metadata);
    all.put("name", name);
    all.put("namespace", "shop");
    var said = answers.length == 0 ? List.of(new ClusterApi.Eviction.Going()) : List.of(answers);
    pods.put(name, new Pod(node, all, List.copyOf(said), looks));
    return this;
  }

  /** A claim that a pod uses, and the volume that it is bound to. */
  public synchronized FakeNodes uses(String pod, String claim, String volume) {
    claims.put(claim, Map.of("spec", Map.of("volumeName", volume)));
    pods.get(pod)
        .volumes
        .add(Map.of("name", "data", "persistentVolumeClaim", Map.of("claimName", claim)));
    return this;
  }

  /** A volume of a pod's own, called {@code data}. */
  public synchronized FakeNodes ephemeral(String pod, String volume) {
    claims.put(pod + "-data", Map.of("spec", Map.of("volumeName", volume)));
    pods.get(pod).volumes.add(Map.of("name", "data", "ephemeral", Map.of()));
    return this;
  }

  /**
   * A volume that is attached to a node.
   *
   * @param looks how many it takes until it is not
   */
  public synchronized FakeNodes attached(String volume, String node, int looks) {
    var source = Map.of("persistentVolumeName", volume);
    var spec = Map.of("nodeName", node, "attacher", "csi.example.com", "source", source);
    attachments.put(Map.of("spec", spec), looks);
    return this;
  }

  public static Map<String, Object> owner(String kind) {
    return Map.of("ownerReferences", List.of(Map.of("kind", kind, "controller", true)));
  }

  /** Any other object, as it is read. */
  public synchronized FakeNodes object(ObjectRef ref, Map<String, Object> raw) {
    objects.put(ref, raw);
    return this;
  }

  /** This pod is Ready. */
  public synchronized FakeNodes ready(String pod) {
    pods.get(pod).ready = true;
    return this;
  }

  /** This pod is Ready no more. */
  public synchronized void unready(String pod) {
    if (pods.containsKey(pod)) {
      pods.get(pod).ready = false;
    }
  }

  /**
   * Once a pod is told to go, another one like it comes.
   *
   * @param readyIn how many looks at its namespace it takes until that one is Ready; -1 for never
   */
  public synchronized FakeNodes instead(String pod, String other, String node, int readyIn) {
    pods.get(pod).instead = Optional.of(new Comes(other, node, readyIn));
    return this;
  }

  /** What a node's kubelet, and the controller that watches it, say of it. */
  public synchronized void status(String node, Map<String, Object> status) {
    nodes.get(node).put("status", status);
  }

  /** This pod has gone. */
  public synchronized void gone(String pod) {
    pods.remove(pod);
  }

  /** From now on so many requests of this kind are not answered. */
  public synchronized void silent(String request, int times) {
    silences.put(request, times);
  }

  /** Somebody does this each time before a request of this kind is answered. */
  public synchronized void meanwhile(String request, Runnable does) {
    faster.put(request, does);
  }

  public synchronized List<String> requests() {
    return List.copyOf(requests);
  }

  public synchronized List<String> pods() {
    return List.copyOf(pods.keySet());
  }

  public synchronized Map<String, Object> node(ObjectRef ref) {
    return nodes.get(ref.name());
  }

  private void asked(String request) throws ClusterException {
    requests.add(request);
    var verb = request.substring(0, request.indexOf(' '));
    faster.getOrDefault(verb, () -> {}).run();
    if (silences.merge(verb, -1, Integer::sum) >= 0) {
      throw new ClusterException("the API does not answer", "look at it", null);
    }
  }

  @Override
  public synchronized Optional<Map<String, Object>> read(ObjectRef ref) throws ClusterException {
    asked("read " + ref);
    if (ref.kind().equals("PersistentVolumeClaim")) {
      return Optional.ofNullable(claims.get(ref.name()));
    }
    return ref.kind().equals("Node")
        ? Optional.ofNullable(nodes.get(ref.name()))
        : Optional.ofNullable(objects.get(ref));
  }

  @Override
  public synchronized List<Map<String, Object>> podsOn(String node) throws ClusterException {
    asked("pods " + node);
    pods.values().removeIf(pod -> pod.isGoing() && pod.looks-- <= 0);
    return pods.values().stream().filter(pod -> pod.node.equals(node)).map(FakeNodes::raw).toList();
  }

  private static Map<String, Object> raw(Pod pod) {
    var ready = Map.of("type", "Ready", "status", pod.ready ? "True" : "False");
    return Map.of(
        "metadata",
        new LinkedHashMap<>(pod.metadata),
        "spec",
        Map.of("volumes", pod.volumes, "nodeName", pod.node),
        "status",
        Map.of("conditions", List.of(ready)));
  }

  @Override
  public synchronized List<Map<String, Object>> podsIn(String namespace, String selector)
      throws ClusterException {
    asked("list %s %s".formatted(namespace, selector));
    for (var pod : pods.values()) {
      pod.ready |= pod.readyIn == 0;
      pod.readyIn--;
    }
    return pods.values().stream()
        .filter(pod -> namespace.equals(pod.metadata.get("namespace")))
        .filter(pod ->
            RawObject.map(pod.metadata.get("labels")).entrySet().stream()
                .anyMatch(
                    it -> selector.equals("%s in (%s)".formatted(it.getKey(), it.getValue()))))
        .map(FakeNodes::raw)
        .toList();
  }

  @Override
  public synchronized List<Map<String, Object>> volumeAttachments() throws ClusterException {
    asked("attachments of all");
    attachments.values().removeIf(looks -> looks <= 0);
    attachments.replaceAll((_, looks) -> looks - 1);
    return List.copyOf(attachments.keySet());
  }

  @Override
  public synchronized void merge(ObjectRef ref, Map<String, Object> patch) throws ClusterException {
    asked("merge " + ref);
    if (!nodes.containsKey(ref.name())) {
      throw new ClusterException(ref + " not found", "", null);
    }
    nodes.put(ref.name(), merged(nodes.get(ref.name()), patch));
  }

  @Override
  public synchronized boolean mergeUnchanged(
      ObjectRef ref, String version, Map<String, Object> patch) throws ClusterException {
    asked("merge " + ref);
    if (ref.kind().equals("Node")) {
      return mergedUnchanged(ref.name(), version, patch);
    }
    var is = objects.get(ref);
    if (is == null || !version.equals(RawObject.map(is.get("metadata")).get("resourceVersion"))) {
      return false;
    }
    objects.put(ref, merged(is, patch));
    touch(ref);
    return true;
  }

  /** A node has no version before somebody else has changed it. */
  private boolean mergedUnchanged(String node, String version, Map<String, Object> patch) {
    var is = nodes.get(node);
    var now = RawObject.map(is.get("metadata")).getOrDefault("resourceVersion", "");
    if (!version.equals(now)) {
      return false;
    }
    nodes.put(node, merged(is, patch));
    return true;
  }

  /** Somebody else cordons a node, or uncordons it, as kubectl does. */
  public synchronized void cordon(String node, boolean is) {
    var version = Map.<String, Object>of("resourceVersion", "" + ++changes);
    var patch = new LinkedHashMap<String, Object>(Map.of("metadata", version));
    var spec = new LinkedHashMap<String, Object>();
    spec.put("unschedulable", is ? true : null);
    patch.put("spec", spec);
    nodes.put(node, merged(nodes.get(node), patch));
  }

  @Override
  public synchronized boolean create(ObjectRef ref, Map<String, Object> object)
      throws ClusterException {
    asked("create " + ref);
    if (objects.containsKey(ref)) {
      return false;
    }
    objects.put(ref, new LinkedHashMap<>(object));
    touch(ref);
    return true;
  }

  /** As if somebody had changed it. */
  public synchronized void touch(ObjectRef ref) {
    var version = Map.of("metadata", Map.<String, Object>of("resourceVersion", "" + ++changes));
    objects.put(ref, merged(objects.get(ref), Map.copyOf(version)));
  }

  /** What somebody has put there. */
  public synchronized Map<String, Object> object(ObjectRef ref) {
    return objects.get(ref);
  }

  /** RFC 7386. */
  private static Map<String, Object> merged(Object target, Map<String, Object> patch) {
    var result = new LinkedHashMap<>(RawObject.map(target));
    patch.forEach((key, value) -> {
      if (value == null) {
        result.remove(key);
      } else if (value instanceof Map<?, ?> map) {
        result.put(key, merged(result.get(key), RawObject.map(map)));
      } else {
        result.put(key, value);
      }
    });
    return result;
  }

  @Override
  public synchronized ClusterApi.Eviction evict(ObjectRef ref) throws ClusterException {
    asked("evict " + ref);
    var pod = pods.get(ref.name());
    if (pod == null) {
      return new ClusterApi.Eviction.Going();
    }
    var answer = pod.answers.size() > 1 ? pod.answers.poll() : pod.answers.peek();
    if (answer instanceof ClusterApi.Eviction.Going) {
      pod.metadata.put("deletionTimestamp", "2026-11-26T00:00:00Z");
      pod.instead.ifPresent(it -> {
        var other = new LinkedHashMap<>(pod.metadata);
        other.remove("deletionTimestamp");
        other.put("name", it.name());
        var comes = new Pod(it.node(), other, List.of(new ClusterApi.Eviction.Going()), 1);
        comes.readyIn = it.readyIn();
        pods.put(it.name(), comes);
      });
      pod.instead = Optional.empty();
    }
    return answer;
  }

  @Override
  public synchronized void delete(ObjectRef ref) throws ClusterException {
    asked("delete " + ref);
    if (ref.kind().equals("Pod")) {
      Optional.ofNullable(pods.get(ref.name()))
          .ifPresent(pod -> pod.metadata.put("deletionTimestamp", "now"));
      return;
    }
    nodes.remove(ref.name());
  }
}

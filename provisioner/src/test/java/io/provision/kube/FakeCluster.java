package io.provision.kube;

import io.provision.kube.comparison.ElementKeys;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * The objects of a cluster with server-side apply as Kubernetes does it, for the lists named here;
 * every other list is one value. What the API would add of itself (defaults, a status, numbers that
 * grow) is added, so that a comparison cannot pass by being too simple.
 */
public final class FakeCluster {
  private static final Map<String, List<String>> KEYED =
      Map.of(
          "containers", List.of("name"),
          "volumes", List.of("name"),
          "env", List.of("name"),
          "volumeMounts", List.of("mountPath"),
          "ports", List.of("containerPort", "protocol"));

  /** Maps that are one value; see structType=atomic in k8s.io/api. */
  private static final Set<String> WHOLE =
      Set.of("fieldRef", "resourceFieldRef", "selector", "roleRef");

  private static final class Stored {
    private Map<String, Object> content = new LinkedHashMap<>();
    private final Map<String, Set<List<String>>> owned = new TreeMap<>();
    private int generation;

    Stored copied() {
      var copy = new Stored();
      copy.content = new LinkedHashMap<>(RawObject.map(copy(content)));
      owned.forEach((manager, paths) -> copy.owned.put(manager, new LinkedHashSet<>(paths)));
      copy.generation = generation;
      return copy;
    }
  }

  private final Map<ObjectRef, Stored> objects = new LinkedHashMap<>();
  private final Map<ObjectRef, Map<String, Object>> statuses = new LinkedHashMap<>();
  private int applied;
  private Optional<String> noDryRuns = Optional.empty();

  /** From now on no dry run is taken, for example since a webhook has side effects. */
  public synchronized void takesNoDryRuns(String why) {
    noDryRuns = Optional.of(why);
  }

  /** Why it takes no dry runs; empty where it does. */
  public synchronized Optional<String> noDryRuns() {
    return noDryRuns;
  }

  /** What a forced apply would make of an object, as the API gives it; nothing is kept of it. */
  public synchronized Map<String, Object> dryRun(Manifest manifest, String manager) {
    var before = Optional.ofNullable(objects.get(manifest.ref())).map(Stored::copied);
    var count = applied;
    apply(manifest, manager, true);
    var after = find(manifest.ref()).orElseThrow();
    applied = count;
    objects.remove(manifest.ref());
    before.ifPresent(it -> objects.put(manifest.ref(), it));
    return after;
  }

  /** How many times anything was applied. */
  public synchronized int applied() {
    return applied;
  }

  /** The conflicts, as the API words them; empty where it was applied. */
  public synchronized List<String> apply(Manifest manifest, String manager, boolean force) {
    var wanted = new LinkedHashMap<List<String>, Object>();
    leaves(copy(manifest.content()), List.of(), "", wanted);
    wanted.keySet().removeIf(FakeCluster::isIdentity);
    var stored = objects.get(manifest.ref());
    if (stored != null) {
      var conflicts = conflicts(stored, wanted, manager);
      if (!conflicts.isEmpty() && !force) {
        return conflicts;
      }
    }
    applied++;
    var it = objects.computeIfAbsent(manifest.ref(), _ -> fresh(manifest));
    var before = it.owned.getOrDefault(manager, Set.of());
    for (var path : before) {
      if (!wanted.containsKey(path) && owners(it, path).equals(Set.of(manager))) {
        remove(it.content, path);
      }
    }
    wanted.forEach((path, value) -> {
      if (!Objects.equals(find(it.content, path).orElse(null), value)) {
        it.owned.values().forEach(paths -> paths.remove(path));
        set(it.content, path, value);
      }
    });
    it.owned.put(manager, new LinkedHashSet<>(wanted.keySet()));
    it.generation++;
    defaults("", it.content, false);
    return List.of();
  }

  /** What the API fills in by itself, in values that are one whole as well. */
  private static void defaults(String key, Object value, boolean inWhole) {
    switch (value) {
      case Map<?, ?> map -> {
        var fields = RawObject.map(map);
        var whole = inWhole || WHOLE.contains(key);
        fields.forEach((name, each) -> defaults(name, each, whole));
        if (key.equals("fieldRef")) {
          fields.putIfAbsent("apiVersion", "v1");
        } else if (whole && !key.equals("selector")) {
          fields.put("default-of-the-api", 1);
        }
      }
      case List<?> list -> {
        var whole = inWhole || !KEYED.containsKey(key);
        list.forEach(each -> defaults("", each, whole));
      }
      default -> {}
    }
  }

  /** As {@code kubectl edit} does: sets one field, which then belongs to whoever did. */
  public synchronized void update(ObjectRef ref, String manager, Object value, String... path) {
    var stored = Objects.requireNonNull(objects.get(ref), ref.toString());
    var at = List.of(path);
    stored.owned.values().forEach(paths -> paths.removeIf(each -> startsWith(each, at)));
    set(stored.content, at, copy(value));
    stored.owned.computeIfAbsent(manager, _ -> new LinkedHashSet<>()).add(at);
    stored.generation++;
  }

  /** What a controller says of an object; without it each says something that changes. */
  public synchronized void status(ObjectRef ref, Map<String, Object> status) {
    statuses.put(ref, status);
  }

  /** The object as the API gives it. */
  public synchronized Optional<Map<String, Object>> find(ObjectRef ref) {
    return Optional.ofNullable(objects.get(ref))
        .map(stored -> {
          var raw = RawObject.map(copy(stored.content));
          var metadata = RawObject.map(raw.get("metadata"));
          metadata.put("uid", "0-1-2");
          metadata.put("generation", stored.generation);
          metadata.put("resourceVersion", String.valueOf(System.nanoTime()));
          var entries = new ArrayList<Object>();
          stored.owned.forEach((manager, paths) -> {
            if (!paths.isEmpty()) {
              var entry = new LinkedHashMap<String, Object>();
              entry.put("manager", manager);
              entry.put("operation", "Apply");
              entry.put("fieldsType", "FieldsV1");
              entry.put("fieldsV1", tree(paths));
              entries.add(entry);
            }
          });
          metadata.put("managedFields", entries);
          raw.put(
              "status",
              statuses.getOrDefault(ref, Map.of("phase", "generation " + stored.generation)));
          return raw;
        });
  }

  public synchronized LiveObject live(ObjectRef ref) {
    return LiveObject.of(find(ref).orElseThrow());
  }

  public synchronized Set<ObjectRef> refs() {
    return Set.copyOf(objects.keySet());
  }

  public synchronized void delete(ObjectRef ref) {
    objects.remove(ref);
  }

  private static Stored fresh(Manifest manifest) {
    var stored = new Stored();
    for (var key : List.of("apiVersion", "kind")) {
      stored.content.put(key, manifest.content().get(key));
    }
    var metadata = new LinkedHashMap<String, Object>();
    metadata.put("name", manifest.ref().name());
    manifest.ref().namespace().ifPresent(it -> metadata.put("namespace", it));
    stored.content.put("metadata", metadata);
    stored.content.put("default-of-the-api", true);
    return stored;
  }

  private static List<String> conflicts(
      Stored stored, Map<List<String>, Object> wanted, String manager) {
    var conflicts = new ArrayList<String>();
    wanted.forEach((path, value) ->
        stored.owned.forEach((other, paths) -> {
          if (!other.equals(manager)
              && paths.stream().anyMatch(each -> startsWith(each, path) || startsWith(path, each))
              && !Objects.equals(find(stored.content, path).orElse(null), value)) {
            conflicts.add("conflict with \"%s\": %s".formatted(other, path));
          }
        }));
    return conflicts;
  }

  private static boolean startsWith(List<String> path, List<String> beginning) {
    return path.size() >= beginning.size() && path.subList(0, beginning.size()).equals(beginning);
  }

  private static boolean isIdentity(List<String> path) {
    return Set.of("f:apiVersion", "f:kind").contains(path.getFirst())
        || path.equals(List.of("f:metadata", "f:name"))
        || path.equals(List.of("f:metadata", "f:namespace"));
  }

  private static Set<String> owners(Stored stored, List<String> path) {
    var owners = new LinkedHashSet<String>();
    stored.owned.forEach((manager, paths) -> {
      if (paths.contains(path)) {
        owners.add(manager);
      }
    });
    return owners;
  }

  private static void leaves(
      Object value, List<String> path, String field, Map<List<String>, Object> leaves) {
    if (value instanceof Map<?, ?> map && !map.isEmpty() && !WHOLE.contains(field)) {
      map.forEach((key, each) -> leaves(each, plus(path, "f:" + key), "" + key, leaves));
    } else if (value instanceof List<?> list && !list.isEmpty() && KEYED.containsKey(field)) {
      list.forEach(each -> leaves(each, plus(path, key(field, each)), "", leaves));
    } else {
      leaves.put(path, value);
    }
  }

  private static String key(String field, Object element) {
    var text = new StringBuilder();
    for (var key : KEYED.get(field)) {
      var value = RawObject.map(element).getOrDefault(key, "TCP");
      text.append(text.isEmpty() ? "k:{" : ",").append("\"%s\":".formatted(key));
      text.append(ElementKeys.scalar(value));
    }
    return text.append('}').toString();
  }

  private static List<String> plus(List<String> path, String step) {
    var longer = new ArrayList<>(path);
    longer.add(step);
    return List.copyOf(longer);
  }

  private static Optional<Object> find(Object root, List<String> path) {
    Object at = root;
    for (var step : path) {
      at = step.startsWith("f:") ? RawObject.map(at).get(step.substring(2)) : element(at, step);
      if (at == null) {
        return Optional.empty();
      }
    }
    return Optional.of(at);
  }

  private static Object element(Object list, String step) {
    var keys = ElementKeys.of(step).orElseThrow();
    return ((List<?>) list)
        .stream()
            .filter(it ->
                keys.entrySet().stream()
                    .allMatch(key ->
                        String.valueOf(key.getValue())
                            .equals(
                                String.valueOf(
                                    RawObject.map(it).getOrDefault(key.getKey(), "TCP")))))
            .findFirst()
            .orElse(null);
  }

  @SuppressWarnings("unchecked") // the fake itself made these maps and lists
  private static void set(Map<String, Object> root, List<String> path, Object value) {
    Object at = root;
    for (var i = 0; i < path.size() - 1; i++) {
      var step = path.get(i);
      if (step.startsWith("f:")) {
        var key = step.substring(2);
        var next = path.get(i + 1).startsWith("f:") ? new LinkedHashMap<>() : new ArrayList<>();
        at = ((Map<String, Object>) at).computeIfAbsent(key, _ -> next);
      } else {
        var found = element(at, step);
        if (found == null) {
          found = new LinkedHashMap<String, Object>();
          RawObject.map(found).put("default-of-the-api", 1);
          for (var key : ElementKeys.of(step).orElseThrow().entrySet()) {
            RawObject.map(found).put(key.getKey(), key.getValue());
          }
          ((List<Object>) at).add(found);
        }
        at = found;
      }
    }
    var last = path.getLast();
    ((Map<String, Object>) at).put(last.substring(2), value);
  }

  private static void remove(Map<String, Object> root, List<String> path) {
    find(root, path.subList(0, path.size() - 1))
        .ifPresent(parent -> RawObject.map(parent).remove(path.getLast().substring(2)));
  }

  private static Map<String, Object> tree(Set<List<String>> paths) {
    var root = new LinkedHashMap<String, Object>();
    for (var path : paths) {
      var at = (Map<String, Object>) root;
      for (var step : path) {
        at = RawObject.map(at.computeIfAbsent(step, _ -> new LinkedHashMap<String, Object>()));
      }
    }
    return root;
  }

  private static Object copy(Object value) {
    return switch (value) {
      case Map<?, ?> map -> {
        var copy = new LinkedHashMap<String, Object>();
        map.forEach((key, each) -> copy.put(String.valueOf(key), copy(each)));
        yield copy;
      }
      case List<?> list -> {
        var copy = new ArrayList<Object>();
        list.forEach(each -> copy.add(copy(each)));
        yield copy;
      }
      default -> value;
    };
  }
}

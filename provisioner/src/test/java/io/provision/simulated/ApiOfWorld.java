package io.provision.simulated;

import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterException;
import io.provision.kube.ObjectRef;
import io.provision.simulated.Happening.What;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * The API as one controller reaches it, by any server that answers: what it changes is told as it
 * is afterwards, whatever was asked for.
 */
final class ApiOfWorld implements ClusterApi.Work {
  private static final Duration TAKES = Duration.ofMillis(50);
  private static final Duration UNANSWERED = Duration.ofSeconds(10);
  private static final String CLAIM = "provision.io/cordoned";

  private final Controller by;
  private final World world;

  ApiOfWorld(Controller by) {
    this.by = by;
    this.world = by.world;
  }

  private ClusterApi.Work asked(String what) throws ClusterException {
    by.point(what, TAKES);
    world.refresh();
    if (world.machines().stream().noneMatch(it -> world.answers(it.name))) {
      by.pause(UNANSWERED);
      throw ClusterException.unanswered("no API server answers", "look at it", null);
    }
    return world.nodes;
  }

  @Override
  public Optional<Map<String, Object>> read(ObjectRef ref) throws ClusterException {
    return asked("read " + ref).read(ref);
  }

  @Override
  public List<Map<String, Object>> podsOn(String node) throws ClusterException {
    return asked("pods on " + node).podsOn(node);
  }

  @Override
  public List<Map<String, Object>> podsIn(String namespace, String selector)
      throws ClusterException {
    return asked("pods in " + namespace).podsIn(namespace, selector);
  }

  @Override
  public List<Map<String, Object>> volumeAttachments() throws ClusterException {
    return asked("volume attachments").volumeAttachments();
  }

  @Override
  public void merge(ObjectRef ref, Map<String, Object> patch) throws ClusterException {
    var api = asked("merge " + ref);
    var before = State.of(world, ref.name());
    api.merge(ref, patch);
    told(ref.name(), before);
  }

  /** How a node is before something is done to it. */
  private record State(boolean cordoned, boolean claimed) {
    static State of(World world, String node) {
      return new State(world.isCordoned(node), isClaimed(world, node));
    }

    private static boolean isClaimed(World world, String node) {
      return world.nodes.node(World.node(node)).get("metadata") instanceof Map<?, ?> metadata
          && metadata.get("annotations") instanceof Map<?, ?> annotations
          && annotations.containsKey(CLAIM);
    }
  }

  private void told(String node, State before) {
    var now = State.of(world, node);
    if (now.cordoned() != before.cordoned()) {
      world.happens(by.name, now.cordoned() ? What.CORDONED : What.UNCORDONED, node, "");
    }
    if (now.claimed() != before.claimed()) {
      world.happens(by.name, now.claimed() ? What.CLAIMED : What.UNCLAIMED, node, "");
    }
  }

  private String holder(ObjectRef ref) {
    return Optional.ofNullable(world.nodes.object(ref))
        .map(it -> it.get("spec"))
        .map(it -> ((Map<?, ?>) it).get("holderIdentity"))
        .map(Objects::toString)
        .orElse("");
  }

  private void told(ObjectRef ref, String before) {
    if (!holder(ref).equals(before)) {
      world.happens(by.name, What.LEASE, before, holder(ref));
    }
  }

  @Override
  public boolean mergeUnchanged(ObjectRef ref, String version, Map<String, Object> patch)
      throws ClusterException {
    var api = asked("merge " + ref);
    if (ref.kind().equals("Node")) {
      var before = State.of(world, ref.name());
      var done = api.mergeUnchanged(ref, version, patch);
      told(ref.name(), before);
      return done;
    }
    var before = holder(ref);
    var done = api.mergeUnchanged(ref, version, patch);
    told(ref, before);
    return done;
  }

  @Override
  public boolean create(ObjectRef ref, Map<String, Object> object) throws ClusterException {
    var api = asked("create " + ref);
    var before = holder(ref);
    var done = api.create(ref, object);
    told(ref, before);
    return done;
  }

  @Override
  public ClusterApi.Eviction evict(ObjectRef pod) throws ClusterException {
    var api = asked("evict " + pod);
    world.happens(by.name, What.EVICTED, pod.name(), world.pods().node(pod.name()));
    var answer = api.evict(pod);
    world.pods().evicted(pod.name());
    return answer;
  }

  @Override
  public void delete(ObjectRef ref) throws ClusterException {
    throw new IllegalStateException("nothing is deleted: " + ref);
  }
}

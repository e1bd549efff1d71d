package io.provision.kube;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Predicate;

/** The port on a {@link FakeCluster}, for tests of what lies above it. */
public final class FakeApi implements Clusters, ClusterApi {
  private final FakeCluster cluster;
  private final List<Access> opened = Collections.synchronizedList(new ArrayList<>());
  private final List<ObjectRef> previewed = Collections.synchronizedList(new ArrayList<>());
  private final FakeNodes nodes;
  private volatile Predicate<Collection<ClusterQuestion<?>>> failing = _ -> false;
  private volatile Optional<ClusterException> failure = Optional.empty();
  private Optional<ClusterException> refusal = Optional.empty();
  private int looks;

  public FakeApi(FakeCluster cluster) {
    this(cluster, new FakeNodes());
  }

  public FakeApi(FakeCluster cluster, FakeNodes nodes) {
    this.cluster = cluster;
    this.nodes = nodes;
  }

  /** With what it was opened, once each time. */
  public List<Access> opened() {
    return List.copyOf(opened);
  }

  public synchronized int looks() {
    return looks;
  }

  @Override
  public ClusterApi open(Access access) {
    opened.add(access);
    return this;
  }

  @Override
  public String server() {
    return opened.getLast().servers().getFirst();
  }

  @Override
  public View view() {
    return new View() {
      @Override
      public Map<ClusterQuestion<?>, Object> look(Collection<ClusterQuestion<?>> questions)
          throws ClusterException {
        if (failing.test(questions)) {
          throw failure.orElseThrow();
        }
        return FakeApi.this.look(questions);
      }

      @Override
      public Map<Manifest, Preview> preview(Collection<Manifest> manifests) {
        var previews = new LinkedHashMap<Manifest, Preview>();
        for (var manifest : manifests) {
          previewed.add(manifest.ref());
          previews.put(manifest, FakeApi.this.preview(manifest));
        }
        return previews;
      }
    };
  }

  private Preview preview(Manifest manifest) {
    return cluster
        .noDryRuns()
        .<Preview>map(Preview.CannotSay::new)
        .orElseGet(
            () -> new Preview.Would(LiveObject.of(cluster.dryRun(manifest, Manifest.MANAGER))));
  }

  /** Of which objects a preview was asked for, in order. */
  public List<ObjectRef> previewed() {
    return List.copyOf(previewed);
  }

  private synchronized Map<ClusterQuestion<?>, Object> look(Collection<ClusterQuestion<?>> asked) {
    looks++;
    var answers = new LinkedHashMap<ClusterQuestion<?>, Object>();
    for (var question : asked) {
      answers.put(
          question,
          switch (question) {
            case ClusterQuestion.One(var ref) -> cluster.find(ref).map(LiveObject::of);
            case ClusterQuestion.Declared(var manifest) ->
                new DeclaredObject(cluster.find(manifest.ref()).map(LiveObject::of));
            case ClusterQuestion.All all -> all(all);
            case ClusterQuestion.InPassing(var all) -> Optional.of(all(all));
            case ClusterQuestion.States states -> states(states);
            case ClusterQuestion.Whole whole -> whole(whole);
            case ClusterQuestion.FromHere _ -> Reaches.of(List.of());
          });
    }
    return answers;
  }

  private ObjectStates states(ClusterQuestion.States question) {
    var found =
        cluster.refs().stream()
            .filter(ref -> ref.kind().equals(question.kind()))
            .map(ref -> ObjectStates.State.of(cluster.find(ref).orElseThrow()))
            .toList();
    return new ObjectStates.Seen(
        found.subList(0, Math.min(found.size(), question.most())), found.size() <= question.most());
  }

  private WholeObjects whole(ClusterQuestion.Whole question) {
    return WholeObjects.of(
        cluster.refs().stream()
            .filter(ref -> ref.kind().equals(question.kind()))
            .map(ref -> cluster.find(ref).orElseThrow())
            .toList());
  }

  private List<LiveObject> all(ClusterQuestion.All question) {
    return cluster.refs().stream()
        .filter(ref -> ref.kind().equals(question.kind()))
        .map(cluster::live)
        .filter(live -> matches(live, question.selector()))
        .sorted(Comparator.comparing(live -> live.ref().toString()))
        .toList();
  }

  private static boolean matches(LiveObject live, String selector) {
    return selector.isEmpty()
        || List.of(selector.split(",")).stream()
            .map(pair -> pair.split("="))
            .allMatch(pair -> live.label(pair[0]).equals(Optional.of(pair[1])));
  }

  @Override
  public Work work() {
    return nodes;
  }

  /** From now on looks that ask so fail. */
  public synchronized void fails(
      Predicate<Collection<ClusterQuestion<?>>> failing, ClusterException why) {
    this.failing = failing;
    this.failure = Optional.of(why);
  }

  /** The next change is refused so. */
  public synchronized void refuses(ClusterException why) {
    refusal = Optional.of(why);
  }

  private synchronized void refuse() throws ClusterException {
    var why = refusal;
    refusal = Optional.empty();
    if (why.isPresent()) {
      throw why.get();
    }
  }

  @Override
  public void change(ClusterChange change) throws ClusterException {
    refuse();
    switch (change) {
      case ClusterChange.Apply(var manifest, var force) -> {
        var conflicts = cluster.apply(manifest, Manifest.MANAGER, force);
        if (!conflicts.isEmpty()) {
          throw new ClusterException(String.join("; ", conflicts), "", null);
        }
      }
      case ClusterChange.Delete(var ref) -> cluster.delete(ref);
    }
  }

  @Override
  public void close() {}
}

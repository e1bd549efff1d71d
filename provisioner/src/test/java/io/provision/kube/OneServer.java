package io.provision.kube;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One of the servers of an API, which can fall silent. */
public final class OneServer implements ClusterApi {
  private final String server;
  private final ClusterApi cluster;
  private final List<String> asked = new ArrayList<>();
  private String heard = "";
  private boolean silent;
  private boolean closed;

  public OneServer(String server, ClusterApi cluster) {
    this.server = server;
    this.cluster = cluster;
  }

  /** Takes nothing any more, and answers nothing. */
  public synchronized void fallSilent() {
    silent = true;
  }

  /** From the next such request on, which it still hears. */
  public synchronized void fallSilentAfterHearing(String request) {
    heard = request;
  }

  public synchronized boolean isSilent() {
    return silent;
  }

  public synchronized boolean isClosed() {
    return closed;
  }

  /** What it was asked, heard or not. */
  public synchronized List<String> asked() {
    return List.copyOf(asked);
  }

  /** What it is asked for. */
  private interface Request<A, E extends Exception> {
    A to(ClusterApi cluster) throws ClusterException, E;
  }

  private synchronized <A, E extends Exception> A ask(String what, Request<A, E> request)
      throws ClusterException, E {
    asked.add(what);
    if (!silent) {
      var answer = request.to(cluster);
      if (!what.equals(heard)) {
        return answer;
      }
      silent = true;
    }
    throw ClusterException.unanswered(server + " does not answer", "look at it", null);
  }

  @Override
  public String server() {
    return server;
  }

  @Override
  public View view() {
    return new View() {
      @Override
      public Map<ClusterQuestion<?>, Object> look(Collection<ClusterQuestion<?>> questions)
          throws ClusterException, InterruptedException {
        return ask("look", it -> it.view().look(questions));
      }

      @Override
      public Map<Manifest, Preview> preview(Collection<Manifest> manifests)
          throws ClusterException, InterruptedException {
        return ask("preview", it -> it.view().preview(manifests));
      }
    };
  }

  @Override
  public Work work() {
    return new Work() {
      @Override
      public Optional<Map<String, Object>> read(ObjectRef ref) throws ClusterException {
        return ask("read", it -> it.work().read(ref));
      }

      @Override
      public List<Map<String, Object>> podsOn(String node) throws ClusterException {
        return ask("pods", it -> it.work().podsOn(node));
      }

      @Override
      public List<Map<String, Object>> podsIn(String namespace, String selector)
          throws ClusterException {
        return ask("pods of a namespace", it -> it.work().podsIn(namespace, selector));
      }

      @Override
      public List<Map<String, Object>> volumeAttachments() throws ClusterException {
        return ask("volumes", it -> it.work().volumeAttachments());
      }

      @Override
      public void merge(ObjectRef ref, Map<String, Object> patch) throws ClusterException {
        var _ =
            ask(
                "merge",
                it -> {
                  it.work().merge(ref, patch);
                  return ref;
                });
      }

      @Override
      public boolean mergeUnchanged(ObjectRef ref, String version, Map<String, Object> patch)
          throws ClusterException {
        return ask("merge unchanged", it -> it.work().mergeUnchanged(ref, version, patch));
      }

      @Override
      public boolean create(ObjectRef ref, Map<String, Object> object) throws ClusterException {
        return ask("create", it -> it.work().create(ref, object));
      }

      @Override
      public Eviction evict(ObjectRef pod) throws ClusterException {
        return ask("evict", it -> it.work().evict(pod));
      }

      @Override
      public void delete(ObjectRef ref) throws ClusterException {
        var _ =
            ask(
                "delete",
                it -> {
                  it.work().delete(ref);
                  return ref;
                });
      }
    };
  }

  @Override
  public void change(ClusterChange change) throws ClusterException {
    var _ =
        ask(
            "change",
            it -> {
              it.change(change);
              return change;
            });
  }

  @Override
  public synchronized void close() {
    closed = true;
  }
}

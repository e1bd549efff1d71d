package io.provision.engine.session;

import io.provision.kube.ClusterApi;
import io.provision.kube.ClusterChange;
import io.provision.kube.ClusterException;
import io.provision.kube.ClusterQuestion;
import io.provision.kube.Manifest;
import io.provision.kube.ObjectRef;
import io.provision.kube.Preview;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A cluster's API that outlives the address at which it was opened: a run can take that away. Where
 * a server does not answer, another one is asked, then and from then on.
 *
 * <p>Whether a request without an answer has arrived is not known. So only what can be sent twice
 * is: looks, server-side applies, and deletions, whose aim is that there is no such object. An
 * eviction would hit the next pod of that name, and a merge patch what a controller has answered
 * meanwhile; both follow a read of the same object, by which a silent server is found first.
 */
final class SteadyApi implements ClusterApi {

  /** What finds another server. */
  @FunctionalInterface
  interface Detour {
    /** One that answers; empty where there is none. */
    Optional<ClusterApi> around(ClusterApi silent, ClusterException why)
        throws InterruptedException;
  }

  /** What is sent to a server, and what else can end it. */
  @FunctionalInterface
  private interface Request<A, E extends Exception> {
    A to(ClusterApi server) throws ClusterException, E;
  }

  /** One after another may fall silent; more than that is no cluster. */
  private static final int MOST_DETOURS = 4;

  private final Detour detour;

  /** Closed at the end: somebody may still wait for an answer of an earlier one. */
  private final List<ClusterApi> opened = new ArrayList<>();

  SteadyApi(ClusterApi first, Detour detour) {
    this.detour = detour;
    opened.add(first);
  }

  private synchronized ClusterApi now() {
    return opened.getLast();
  }

  private <A, E extends Exception> A repeated(Request<A, E> request) throws ClusterException, E {
    var server = now();
    for (var detours = 0; ; detours++) {
      try {
        return request.to(server);
      } catch (ClusterException e) {
        if (detours == MOST_DETOURS) {
          throw e;
        }
        server = other(server, e);
      }
    }
  }

  private <A> A once(Request<A, RuntimeException> request) throws ClusterException {
    var server = now();
    try {
      return request.to(server);
    } catch (ClusterException e) {
      var _ = other(server, e); // for whoever asks next
      throw e;
    }
  }

  /**
   * The one to ask instead, the same for all who found that one silent.
   *
   * @throws ClusterException the same, where it is an answer or there is no other
   */
  synchronized ClusterApi other(ClusterApi silent, ClusterException why) throws ClusterException {
    if (!why.isUnanswered()) {
      throw why;
    }
    if (now() == silent) {
      try {
        opened.add(detour.around(silent, why).orElseThrow(() -> why));
      } catch (InterruptedException _) {
        Thread.currentThread().interrupt();
        throw why;
      }
    }
    return now();
  }

  @Override
  public String server() {
    return now().server();
  }

  @Override
  public View view() {
    return new Looking();
  }

  private final class Looking implements View {
    @Override
    public Map<ClusterQuestion<?>, Object> look(Collection<ClusterQuestion<?>> questions)
        throws ClusterException, InterruptedException {
      return repeated(server -> server.view().look(questions));
    }

    @Override
    public Map<Manifest, Preview> preview(Collection<Manifest> manifests)
        throws ClusterException, InterruptedException {
      return repeated(server -> server.view().preview(manifests));
    }
  }

  @Override
  public Work work() {
    return new Working();
  }

  private final class Working implements Work {
    @Override
    public Optional<Map<String, Object>> read(ObjectRef ref) throws ClusterException {
      return repeated(server -> server.work().read(ref));
    }

    @Override
    public List<Map<String, Object>> podsOn(String node) throws ClusterException {
      return repeated(server -> server.work().podsOn(node));
    }

    @Override
    public List<Map<String, Object>> podsIn(String namespace, String selector)
        throws ClusterException {
      return repeated(server -> server.work().podsIn(namespace, selector));
    }

    @Override
    public List<Map<String, Object>> volumeAttachments() throws ClusterException {
      return repeated(server -> server.work().volumeAttachments());
    }

    @Override
    public void merge(ObjectRef ref, Map<String, Object> patch) throws ClusterException {
      var _ =
          once(server -> {
            server.work().merge(ref, patch);
            return ref;
          });
    }

    @Override
    public boolean mergeUnchanged(ObjectRef ref, String version, Map<String, Object> patch)
        throws ClusterException {
      return once(server -> server.work().mergeUnchanged(ref, version, patch));
    }

    @Override
    public boolean create(ObjectRef ref, Map<String, Object> object) throws ClusterException {
      return once(server -> server.work().create(ref, object));
    }

    @Override
    public Eviction evict(ObjectRef pod) throws ClusterException {
      return once(server -> server.work().evict(pod));
    }

    @Override
    public void delete(ObjectRef ref) throws ClusterException {
      var _ =
          repeated(server -> {
            server.work().delete(ref);
            return ref;
          });
    }
  }

  @Override
  public void change(ClusterChange change) throws ClusterException {
    var _ =
        repeated(server -> {
          server.change(change);
          return change;
        });
  }

  @Override
  public synchronized void close() {
    opened.forEach(ClusterApi::close);
  }
}

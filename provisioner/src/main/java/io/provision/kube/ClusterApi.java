package io.provision.kube;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The API of one cluster. Looks through {@link View}, changes through the rest. */
public interface ClusterApi extends AutoCloseable {

  /** What looks. It has no way to persist anything: it sends GET, and dry runs. */
  interface View {
    /** The answer to each question; they are asked all at once, by GET alone. */
    Map<ClusterQuestion<?>, Object> look(Collection<ClusterQuestion<?>> questions)
        throws ClusterException, InterruptedException;

    /**
     * What an apply of each, taking over what others set, would make of the objects that are there:
     * server-side apply with {@code dryRun=All}, which persists nothing. See
     * https://kubernetes.io/docs/reference/using-api/api-concepts/#dry-run
     */
    Map<Manifest, Preview> preview(Collection<Manifest> manifests)
        throws ClusterException, InterruptedException;
  }

  /** Its URL, without a slash at the end. */
  String server();

  View view();

  /** What actions are made of. */
  Work work();

  /** What came of asking that a pod be evicted. */
  sealed interface Eviction {
    /** It goes, or has gone. */
    record Going() implements Eviction {}

    /** Not now; a budget of its workload forbids it. */
    record Blocked(String why) implements Eviction {}

    /** Not like this: it would be refused for ever. */
    record Never(String why) implements Eviction {}
  }

  /** Single requests, each of which is answered by what is so now. */
  interface Work {
    /** An object with its status, as the API gives it; empty where there is none. */
    Optional<Map<String, Object>> read(ObjectRef ref) throws ClusterException;

    /** The pods on a node that have not come to their end, as the API gives them. */
    List<Map<String, Object>> podsOn(String node) throws ClusterException;

    /**
     * The pods of a namespace, as the API gives them.
     *
     * @param selector as {@code kubectl -l} takes it; empty for all
     */
    List<Map<String, Object>> podsIn(String namespace, String selector) throws ClusterException;

    /**
     * The VolumeAttachments of all nodes, as the API gives them: it has no selector for one. None
     * where it does not know the kind.
     */
    List<Map<String, Object>> volumeAttachments() throws ClusterException;

    /**
     * Changes fields of an object that is there: a JSON merge patch (RFC 7386), in which null
     * removes.
     */
    void merge(ObjectRef ref, Map<String, Object> patch) throws ClusterException;

    /**
     * As {@link #merge}, where the object is as it was read.
     *
     * @param version its {@code metadata.resourceVersion} then
     * @return whether it was; where somebody has changed it since, nothing is done
     */
    boolean mergeUnchanged(ObjectRef ref, String version, Map<String, Object> patch)
        throws ClusterException;

    /**
     * Puts an object there.
     *
     * @return whether; where there is one already, nothing is done
     */
    boolean create(ObjectRef ref, Map<String, Object> object) throws ClusterException;

    /** See https://kubernetes.io/docs/concepts/scheduling-eviction/api-eviction/ */
    Eviction evict(ObjectRef pod) throws ClusterException;

    /** Gives up an object, and in the background what it owns; one that is gone is no error. */
    void delete(ObjectRef ref) throws ClusterException;
  }

  /** Carries one change out. */
  void change(ClusterChange change) throws ClusterException;

  @Override
  void close();
}

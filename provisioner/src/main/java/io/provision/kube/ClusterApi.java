package io.provision.kube;

import java.util.Collection;
import java.util.Map;

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

  View view();

  /** Carries one change out. */
  void change(ClusterChange change) throws ClusterException;

  @Override
  void close();
}

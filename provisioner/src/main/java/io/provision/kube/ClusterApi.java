package io.provision.kube;

import java.util.Collection;
import java.util.Map;

/** The API of one cluster. Looks through {@link View}, changes through the rest. */
public interface ClusterApi extends AutoCloseable {

  /** What looks; it sends nothing but GET. */
  interface View {
    /** The answer to each question; they are asked all at once. */
    Map<ClusterQuestion<?>, Object> look(Collection<ClusterQuestion<?>> questions)
        throws ClusterException, InterruptedException;
  }

  View view();

  /** Carries one change out. */
  void change(ClusterChange change) throws ClusterException;

  @Override
  void close();
}

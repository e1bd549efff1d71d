package io.provision.steps.gluster;

import java.util.List;

/**
 * A storage host as it is before anything is done about the pool.
 *
 * @param pool the members it knows, itself among them
 */
public record GlusterNode(String uuid, Pool pool, List<Volume> volumes) {
  public GlusterNode {
    volumes = List.copyOf(volumes);
  }

  /** Whether it has peers or volumes, so that others must come to it and not it to others. */
  boolean isSettled() {
    return !pool.isAlone() || !volumes.isEmpty();
  }

  /** One line for a table. */
  @Override
  public String toString() {
    var names = volumes.stream().map(it -> it.name() + (it.started() ? "" : " (stopped)")).toList();
    return "pool of %d%s"
        .formatted(pool.peers().size(), names.isEmpty() ? "" : ", " + String.join(", ", names));
  }
}

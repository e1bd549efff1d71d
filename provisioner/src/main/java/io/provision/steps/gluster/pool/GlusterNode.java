package io.provision.steps.gluster.pool;

import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.VolumeInfo;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A storage host as it is before anything is done about the pool.
 *
 * @param pool the members it knows, itself among them
 * @param records by volume, what it keeps of it: version and checksum, in words
 */
public record GlusterNode(
    String uuid, Pool pool, List<VolumeInfo> volumes, Map<String, String> records) {
  public GlusterNode {
    volumes = List.copyOf(volumes);
    records = Collections.unmodifiableMap(new TreeMap<>(records));
  }

  /** One that keeps no record of a volume. */
  public GlusterNode(String uuid, Pool pool, List<VolumeInfo> volumes) {
    this(uuid, pool, volumes, Map.of());
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

package io.provision.model;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One GlusterFS volume as the inventory declares it.
 *
 * @param brick directory on each storage host, inside a file system of its own
 * @param mount where every host of the cluster mounts it; empty for nowhere
 * @param storageClass the StorageClass that hands out directories of it
 * @param options volume options, only those declared
 * @param mountOn names of hosts; empty for all
 */
public record GlusterVolume(
    String name,
    Kind kind,
    int replica,
    String brick,
    Optional<String> brickDevice,
    Optional<String> mount,
    List<HostName> mountOn,
    Optional<String> storageClass,
    boolean defaultClass,
    boolean allowRoot,
    boolean acceptSplitBrain,
    Map<String, String> options,
    Position position) {

  /** How a volume spreads its data over bricks. */
  public enum Kind {
    REPLICATED,
    ARBITER,
    DISTRIBUTED,
    DISPERSED
  }

  public GlusterVolume {
    mountOn = List.copyOf(mountOn);
    options = Map.copyOf(options);
  }
}

package io.provision.steps.gluster.declared;

import io.provision.model.HostName;
import io.provision.model.Position;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * One GlusterFS volume as the inventory declares it.
 *
 * @param replica bricks in one set: copies of a file (with the arbiter, where there is one), 1 for
 *     a distributed volume, data and redundancy for a dispersed one
 * @param redundancy bricks of a set that a dispersed volume can lose; 0 for all others
 * @param brick directory on each storage host, inside a file system of its own
 * @param brickDevice block device that the brick's file system is made on, where it is empty
 * @param brickDevices as {@code brickDevice}, by the hosts where it is another one
 * @param mount where every host of the cluster mounts it; empty for nowhere
 * @param storageClass the StorageClass that hands out directories of it
 * @param options volume options, only those declared
 * @param mountOn names of hosts; empty for all
 * @param persistentVolumes directories of it that Kubernetes knows by name
 */
public record GlusterVolume(
    String name,
    Kind kind,
    int replica,
    int redundancy,
    String brick,
    Optional<String> brickDevice,
    Map<HostName, String> brickDevices,
    FileSystem fileSystem,
    Optional<String> mount,
    List<HostName> mountOn,
    Optional<String> storageClass,
    boolean defaultClass,
    boolean allowRoot,
    boolean acceptSplitBrain,
    Map<String, String> options,
    List<Declared> persistentVolumes,
    Position position) {

  /**
   * A PersistentVolume of Kubernetes that is a directory of the mount.
   *
   * @param path of the directory, below the mount
   * @param size what Kubernetes believes it to hold; GlusterFS does not enforce it
   * @param storageClass by which claims find it; empty for claims without a class
   * @param accessModes for example {@code ReadWriteMany}
   */
  public record Declared(
      String name, String size, String path, String storageClass, List<String> accessModes) {
    public Declared {
      accessModes = List.copyOf(accessModes);
    }
  }

  /** How a volume spreads its data over bricks. */
  public enum Kind {
    REPLICATED,
    ARBITER,
    DISTRIBUTED,
    DISPERSED
  }

  /** What is made on a brick's device. */
  public enum FileSystem {
    XFS,
    EXT4
  }

  public GlusterVolume {
    brickDevices = Collections.unmodifiableMap(new TreeMap<>(brickDevices));
    mountOn = List.copyOf(mountOn);
    persistentVolumes = List.copyOf(persistentVolumes);
    options = Collections.unmodifiableMap(new TreeMap<>(options));
  }

  /** The device of the brick on this host; empty where the inventory names none. */
  public Optional<String> deviceOn(HostName host) {
    return Optional.ofNullable(brickDevices.get(host)).or(() -> brickDevice);
  }
}

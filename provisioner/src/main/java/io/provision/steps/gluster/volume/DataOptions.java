package io.provision.steps.gluster.volume;

import io.provision.steps.gluster.declared.GlusterVolume;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import java.util.TreeMap;

/**
 * Options of a volume that decide whether data can be lost and who may read it. They belong to what
 * is declared also where the inventory does not name them: then they are as GlusterFS makes them
 * (xlators/mgmt/glusterd/src/glusterd-volume-set.c, 10.3), and one that was set by hand is drift.
 */
final class DataOptions {
  /** What takes an option back to what GlusterFS makes it. */
  static final String RESET = "";

  private static final String QUORUM = "cluster.quorum-type";

  /** By option, what it may be; the first is what it is set to where it is something else. */
  private static final Map<String, List<String>> HARMLESS =
      new TreeMap<>(
          Map.of(
              QUORUM,
              List.of("auto"),
              "cluster.quorum-count",
              List.of(RESET),
              "cluster.server-quorum-type",
              List.of(RESET, "off", "none"),
              "cluster.server-quorum-ratio",
              List.of(RESET),
              "cluster.favorite-child-policy",
              List.of("none"),
              "cluster.self-heal-daemon",
              List.of("on"),
              "features.read-only",
              List.of("off"),
              "auth.reject",
              List.of(RESET),
              "nfs.disable",
              List.of("on")));

  /** Those that a pool has, not a volume, although every volume lists them. */
  private static final Set<String> OF_THE_POOL = Set.of("cluster.server-quorum-ratio");

  private DataOptions() {}

  /** What {@code gluster volume set} and {@code reset} call the owner of an option. */
  static String owner(String option, String volume) {
    return OF_THE_POOL.contains(option) ? "all" : volume;
  }

  /**
   * By option what it should be and is not.
   *
   * @param present what {@code volume info} lists, which is only what was ever set
   */
  static SequencedMap<String, String> amiss(
      GlusterVolume wanted, Map<String, String> present, VolumeAccess access) {
    var amiss = new LinkedHashMap<String, String>();
    access
        .should(present.getOrDefault(VolumeAccess.OPTION, VolumeAccess.EVERYBODY))
        .ifPresent(it -> amiss.put(VolumeAccess.OPTION, it));
    HARMLESS.forEach((name, harmless) -> {
      var is = present.get(name);
      var may = harmless(wanted, name, harmless);
      if (is != null && may.stream().noneMatch(it -> OptionValue.same(is, it))) {
        amiss.put(name, may.getFirst());
      }
    });
    amiss.keySet().removeAll(wanted.options().keySet());
    return amiss;
  }

  /** Of two copies none is a majority, which the inventory has accepted by name. */
  private static List<String> harmless(GlusterVolume wanted, String name, List<String> harmless) {
    if (!name.equals(QUORUM) || wanted.replica() > 2) {
      return harmless;
    }
    var all = new ArrayList<>(harmless);
    all.add("none");
    return all;
  }
}

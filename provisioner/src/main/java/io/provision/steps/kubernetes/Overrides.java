package io.provision.steps.kubernetes;

import io.provision.model.Cluster;
import io.provision.model.Host;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;

/** What the inventory sets of a program: maps are merged, all else is replaced. */
public final class Overrides {
  private Overrides() {}

  /** Settings of a program, sorted by their names: the host's merged over the cluster's. */
  public static Map<String, Object> of(String program, Host host, Cluster cluster) {
    return merged(ofCluster(program, cluster), host.settings().getOrDefault(program, Map.of()));
  }

  /** Those that hold for every host. */
  public static Map<String, Object> ofCluster(String program, Cluster cluster) {
    return new TreeMap<>(cluster.settings().getOrDefault(program, Map.of()));
  }

  /** One over another, map by map. */
  public static Map<String, Object> merged(Map<String, ?> below, Map<?, ?> above) {
    var both = new TreeMap<String, Object>(below);
    above.forEach((key, value) -> both.merge(String.valueOf(key), value, Overrides::one));
    return both;
  }

  private static Object one(Object below, Object above) {
    if (!(below instanceof Map<?, ?> base) || !(above instanceof Map<?, ?> more)) {
      return above;
    }
    var plain = new LinkedHashMap<String, Object>();
    base.forEach((key, value) -> plain.put(String.valueOf(key), value));
    return merged(plain, more);
  }
}

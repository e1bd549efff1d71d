package io.provision.steps.kubernetes.settings;

import io.provision.model.Cluster;
import io.provision.model.Host;
import io.provision.model.Sections;
import io.provision.render.YamlContent;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** What the inventory sets of a program: maps are merged, all else is replaced. */
public final class Overrides {
  private Overrides() {}

  /** Settings of a program, sorted by their names: the host's merged over the cluster's. */
  public static Map<String, Object> of(
      Class<? extends FreeData> program, Host host, Cluster cluster) {
    return merged(ofCluster(program, cluster), ofHost(program, host));
  }

  /** Those that hold for every host, as they are written. */
  public static Map<String, Object> ofCluster(Class<? extends FreeData> program, Cluster cluster) {
    return in(cluster.sections(), program);
  }

  /** Those that only this host has, as they are written. */
  public static Map<String, Object> ofHost(Class<? extends FreeData> program, Host host) {
    return in(host.sections(), program);
  }

  /** Settings of whatever program that are secrets, such as {@code kubelet.staticPodPath}. */
  public static Set<String> secrets(Host host, Cluster cluster) {
    var names = new LinkedHashSet<String>();
    for (var data : cluster.sections().and(host.sections()).all(FreeData.class)) {
      data.values()
          .forEach((name, value) -> {
            if (YamlContent.holdsSecret(value)) {
              names.add(data.key() + "." + name);
            }
          });
    }
    return names;
  }

  private static Map<String, Object> in(Sections sections, Class<? extends FreeData> program) {
    return sections.find(program).map(FreeData::values).orElse(Map.of());
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

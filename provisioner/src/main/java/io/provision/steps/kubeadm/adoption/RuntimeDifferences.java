package io.provision.steps.kubeadm.adoption;

import io.provision.render.TomlDocument;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a containerd makes of its configuration, beside what is written here and what it has where
 * nobody says anything. Both are what {@code containerd config} says itself, of this version.
 *
 * @param lost settings that are not its own, and that the file here would not have
 * @param changed where settings of the file here stand that it has otherwise
 */
public record RuntimeDifferences(Differences lost, List<String> changed) {
  /** How it was put together, and not what it is. */
  private static final Set<String> NOT_HERE = Set.of("imports", "version");

  public RuntimeDifferences {
    changed = List.copyOf(changed);
  }

  /**
   * @param defaults what {@code containerd config default} says
   * @param dump what {@code containerd config dump} says
   * @throws io.provision.render.RenderException where one of them is not TOML
   */
  public static RuntimeDifferences of(String defaults, String dump, Map<?, ?> wanted) {
    var usual = Leaves.of(TomlDocument.of("containerd config default", defaults));
    var is = new HashMap<Object, Object>(TomlDocument.of("containerd config dump", dump));
    is.keySet().removeAll(NOT_HERE);
    var has = Leaves.of(is);
    var should = Leaves.of(wanted);
    var lost = new TreeMap<String, Object>();
    has.forEach((at, value) -> {
      var same = usual.get(at);
      if (!should.containsKey(at) && (same == null || !Leaves.isSame(same, value))) {
        lost.put(at, value);
      }
    });
    var changed = new ArrayList<String>();
    should.forEach((at, value) -> {
      var other = has.get(at);
      if (other == null || !Leaves.isSame(value, other)) {
        changed.add(at);
      }
    });
    return new RuntimeDifferences(new Differences(lost, new java.util.TreeSet<>()), changed);
  }
}

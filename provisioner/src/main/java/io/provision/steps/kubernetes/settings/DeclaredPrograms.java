package io.provision.steps.kubernetes.settings;

import io.provision.model.Cluster;
import io.provision.model.Kubernetes;
import io.provision.model.Version;
import java.util.Map;
import java.util.Optional;

/**
 * In which ways of its own a distribution has programs take settings: it declares one of these.
 * Where it declares none, every version of it takes all fields.
 *
 * @param since from which version on it has a program take settings, by the key of the inventory;
 *     of a program that is not there, all versions do
 * @param decided fields that are not to be set, by the key: who sets them, and what to do
 * @param bringsContainerd whether containerd is a part of it, and takes version 3 of its
 *     configuration; else each host has a containerd of its own
 */
public record DeclaredPrograms(
    Map<String, Since> since, Map<String, Map<String, String>> decided, boolean bringsContainerd) {
  private static final DeclaredPrograms NONE = new DeclaredPrograms(Map.of(), Map.of(), false);

  /**
   * From a version on.
   *
   * @param version the first one
   * @param otherwise what there is instead before, behind "take a later version, or"
   */
  public record Since(Version version, String otherwise) {
    boolean isAfter(Version other) {
      return other.major() < version.major()
          || other.major() == version.major() && other.minor() < version.minor();
    }
  }

  public DeclaredPrograms {
    since = Map.copyOf(since);
    decided = Map.copyOf(decided);
  }

  static DeclaredPrograms of(Cluster.Distribution distribution) {
    return distribution
        .kubernetes()
        .map(Kubernetes::declared)
        .flatMap(it -> it.find(DeclaredPrograms.class))
        .orElse(NONE);
  }

  /** From when on this program takes settings, where that is after this version. */
  Optional<Since> later(String key, Version than) {
    return Optional.ofNullable(since.get(key)).filter(it -> it.isAfter(than));
  }

  Map<String, String> decided(String key) {
    return decided.getOrDefault(key, Map.of());
  }
}

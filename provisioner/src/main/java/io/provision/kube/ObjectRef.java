package io.provision.kube;

import java.util.Optional;

/**
 * Which object of a cluster.
 *
 * @param apiVersion {@code v1} or {@code group/version}
 * @param namespace empty for objects of the whole cluster, and for {@code default}
 */
public record ObjectRef(String apiVersion, String kind, Optional<String> namespace, String name) {

  public static ObjectRef of(String apiVersion, String kind, String name) {
    return new ObjectRef(apiVersion, kind, Optional.empty(), name);
  }

  /** As people say it: {@code StorageClass gluster}, {@code Deployment storage/provisioner}. */
  @Override
  public String toString() {
    return kind + " " + namespace.map(it -> it + "/").orElse("") + name;
  }
}

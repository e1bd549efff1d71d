package io.provision.kube;

/** A change of a cluster, as data. */
public sealed interface ClusterChange {

  /**
   * Server-side apply as {@link Manifest#MANAGER}.
   *
   * @param force whether fields that others own are taken over
   */
  record Apply(Manifest manifest, boolean force) implements ClusterChange {}

  /** Gives up one object; one that is gone already is no error. */
  record Delete(ObjectRef ref) implements ClusterChange {}
}

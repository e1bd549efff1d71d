package io.provision.kube;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * Volumes that the cluster has attached to a node: VolumeAttachments of storage.k8s.io/v1, which
 * {@code kubectl drain} does not look at. They go once the kubelet has unmounted them; of a node
 * that is not healthy, or is no more, by force after six minutes, whether they are still written to
 * or not (pkg/controller/volume/attachdetach of Kubernetes, ReconcilerMaxWaitForUnmountDuration).
 */
record NodeVolumes(ClusterApi.Work work, String node, Time time, Consumer<String> progress) {
  /** Each look is a list of those of all nodes. */
  private static final Duration BETWEEN_LOOKS = Time.BETWEEN_LOOKS.multipliedBy(3);

  /** How many volumes are named. */
  private static final int MOST_NAMES = 5;

  private record Attached(String volume, String driver) {
    @Override
    public String toString() {
      return "%s (%s)".formatted(volume.isEmpty() ? "a volume without a name" : volume, driver);
    }
  }

  /**
   * Waits until none is attached but those of pods that no drain ends, which are told: they go with
   * the node. An API that does not answer is waited for as well.
   */
  void awaitDetached(Duration timeout) throws ClusterException, InterruptedException {
    awaitDetached(
        timeout,
        "look at 'kubectl get volumeattachments' and at the driver's pods on it; the node stays"
            + " cordoned, and the same command goes on");
  }

  /**
   * The same.
   *
   * @param remedy what to do where one stays
   */
  void awaitDetached(Duration timeout, String remedy)
      throws ClusterException, InterruptedException {
    var patience = time.patience(timeout);
    var told = "";
    while (true) {
      var open = open();
      if (open.isEmpty()) {
        return;
      }
      if (patience.isOver()) {
        throw new ClusterException(
            "volumes are still attached to %s after %d s: %s"
                .formatted(node, timeout.toSeconds(), open.get()),
            remedy,
            null);
      }
      if (!open.get().equals(told)) {
        told = open.get();
        progress.accept(
            "waiting for volumes to be detached from %s (%d s at most): %s"
                .formatted(node, timeout.toSeconds(), told));
      }
      time.pause(BETWEEN_LOOKS);
    }
  }

  /** What is in the way; empty where nothing is. */
  private Optional<String> open() {
    try {
      var attached = attached();
      if (attached.isEmpty()) {
        return Optional.empty();
      }
      var used = ofPodsThatStay();
      var waiting = attached.stream().filter(it -> !used.contains(it.volume())).toList();
      if (waiting.isEmpty()) {
        progress.accept(
            "note: pods that no drain ends use volumes on %s, which are detached when it is gone: %s"
                .formatted(node, named(attached)));
        return Optional.empty();
      }
      return Optional.of(named(waiting));
    } catch (ClusterException e) {
      return Optional.of(e.what());
    }
  }

  /** Tells which are attached to a node that is dead, and that the cluster lets go of them late. */
  void tell() {
    try {
      var attached = attached();
      if (!attached.isEmpty()) {
        progress.accept(
            "note: volumes are still attached to %s, and are detached by force some six minutes"
                    .formatted(node)
                + " after its pods are gone (see 'kubectl get volumeattachments'): "
                + named(attached));
      }
    } catch (ClusterException e) {
      progress.accept(
          "note: nobody could say which volumes are still attached to %s: %s"
              .formatted(node, e.what()));
    }
  }

  private List<Attached> attached() throws ClusterException {
    return work.volumeAttachments().stream()
        .map(attachment -> RawObject.map(attachment.get("spec")))
        .filter(spec -> node.equals(spec.get("nodeName")))
        .map(spec ->
            new Attached(
                Objects.toString(RawObject.map(spec.get("source")).get("persistentVolumeName"), ""),
                Objects.toString(spec.get("attacher"), "of no driver")))
        .toList();
  }

  /** By the names of the volumes, as the claims of all pods say that are there and do not go. */
  private Set<String> ofPodsThatStay() throws ClusterException {
    var volumes = new HashSet<String>();
    for (var pod : work.podsOn(node)) {
      var metadata = RawObject.map(pod.get("metadata"));
      if (metadata.get("deletionTimestamp") == null) {
        for (var claim : claims(pod)) {
          var namespace = Optional.of(Objects.toString(metadata.get("namespace"), ""));
          work.read(new ObjectRef("v1", "PersistentVolumeClaim", namespace, claim))
              .map(it -> RawObject.map(it.get("spec")).get("volumeName"))
              .ifPresent(it -> volumes.add(it.toString()));
        }
      }
    }
    return volumes;
  }

  /** Of a generic ephemeral volume the claim is called as the pod and the volume. */
  private static List<String> claims(Map<String, Object> pod) {
    var name = RawObject.map(pod.get("metadata")).get("name");
    return RawObject.map(pod.get("spec")).get("volumes") instanceof List<?> volumes
        ? volumes.stream()
            .map(RawObject::map)
            .flatMap(volume ->
                volume.containsKey("ephemeral")
                    ? Optional.of("%s-%s".formatted(name, volume.get("name"))).stream()
                    : Optional.ofNullable(
                        RawObject.map(volume.get("persistentVolumeClaim")).get("claimName"))
                        .map(Object::toString)
                        .stream())
            .toList()
        : List.of();
  }

  private static String named(List<Attached> attached) {
    return attached.stream()
            .limit(MOST_NAMES)
            .map(Attached::toString)
            .collect(Collectors.joining(", "))
        + (attached.size() > MOST_NAMES
            ? " and %d more".formatted(attached.size() - MOST_NAMES)
            : "");
  }
}

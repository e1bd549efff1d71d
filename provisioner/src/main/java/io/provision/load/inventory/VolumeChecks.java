package io.provision.load.inventory;

import io.provision.load.inventory.Documents.VolumeDocument;
import io.provision.load.inventory.Grammar.BrickCount;
import io.provision.load.inventory.Grammar.RemotePath;
import io.provision.load.yaml.Problems;
import io.provision.model.GlusterVolume.Kind;
import io.provision.model.Position;
import io.provision.model.Role;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What can be wrong with GlusterFS volumes. */
record VolumeChecks(Draft draft, Problems problems) {
  private static final int MOST_VOLUMES = 256;
  private static final Set<Role> NODES = Set.of(Role.CONTROL_PLANE, Role.WORKER);

  void run() {
    if (draft.volumes().size() > MOST_VOLUMES) {
      problems.add(
          draft.volumes().getLast().source().position(),
          "there are more than %d volumes.".formatted(MOST_VOLUMES));
      return;
    }
    draft.volumes().forEach(this::one);
    clashes();
    new DeviceChecks(draft, problems).clashes();
  }

  private void one(VolumeDocument volume) {
    var source = volume.source();
    if (volume.kind().isEmpty() && source.find("kind").isPresent()) {
      return;
    }
    switch (kind(volume)) {
      case REPLICATED -> replicated(volume);
      case ARBITER -> {
        if (replica(volume) != 3) {
          problems.add(
              source.at("replica"), "an arbiter volume has replica 3: two copies and the arbiter.");
        }
      }
      case DISTRIBUTED -> {
        if (replica(volume) != 1) {
          problems.add(
              source.at("replica"),
              "a distributed volume has no copies. leave replica out, or kind.");
        }
      }
      case DISPERSED -> dispersed(volume);
    }
    if (volume.redundancy().isPresent() && kind(volume) != Kind.DISPERSED) {
      problems.add(source.at("redundancy"), "redundancy is for kind: dispersed.");
    }
    bricks(volume);
    mounts(volume);
    new DeviceChecks(draft, problems).one(volume);
  }

  private void replicated(VolumeDocument volume) {
    var source = volume.source();
    if (volume.replica().isEmpty()) {
      if (source.find("replica").isEmpty()) {
        problems.add(
            source.position(),
            "'replica' is missing. 3 is the usual; for a volume without copies write kind: distributed.");
      }
    } else if (replica(volume) == 1) {
      problems.add(
          source.at("replica"),
          "replica 1 keeps only one copy. write kind: distributed if that is meant.");
    } else if (replica(volume) == 2 && !volume.iAcceptSplitBrain()) {
      problems.add(
          source.at("replica"),
          "with replica 2 the two copies can disagree, and nobody knows which is right. use replica: 3 or kind: arbiter, or write i_accept_split_brain: true.");
    }
  }

  private void dispersed(VolumeDocument volume) {
    var source = volume.source();
    if (volume.replica().isEmpty() || volume.redundancy().isEmpty()) {
      problems.add(
          source.position(),
          "a dispersed volume needs replica (the bricks of a set) and redundancy.");
    } else if (replica(volume) <= 2 * redundancy(volume)) {
      problems.add(
          source.at("redundancy"),
          "redundancy %d of %d bricks is half or more. it must be less than half."
              .formatted(redundancy(volume), replica(volume)));
    }
  }

  private void bricks(VolumeDocument volume) {
    var storage = draft.with(Role.STORAGE).size();
    if (storage >= replica(volume) || draft.hosts().isEmpty()) {
      return;
    }
    problems.add(
        volume.source().at("replica"),
        storage == 0
            ? "no host has role storage, and the volume's bricks need %d."
                .formatted(replica(volume))
            : "replica %d needs as many hosts with role storage, and there are %d."
                .formatted(replica(volume), storage));
  }

  private void mounts(VolumeDocument volume) {
    var source = volume.source();
    if (source.find("mount").isEmpty()) {
      for (var key : List.of("mount_on", "storage_class", "persistent_volumes")) {
        if (source.find(key).isPresent()) {
          problems.add(
              source.at(key), "%s needs 'mount', the directory it is mounted at.".formatted(key));
        }
      }
    }
    if (volume.defaultClass() && source.find("storage_class").isEmpty()) {
      problems.add(source.at("default_class"), "default_class needs 'storage_class', its name.");
    }
    volume
        .mountOn()
        .ifPresent(hosts -> new HostChecks(draft, problems).known(hosts, source, "mount_on"));
    if (volume.storageClass().isPresent() && !draft.isKubernetes()) {
      problems.warn(source.at("storage_class"), "storage_class means nothing without Kubernetes.");
    }
    if (volume.storageClass().isPresent() && draft.isKubernetes()) {
      everywhere(volume);
    }
    if (inside(volume.brick(), volume.mount()) || inside(volume.mount(), volume.brick())) {
      problems.add(
          source.at("mount"),
          "brick and mount are one inside the other. a brick must never be written to directly.");
    }
  }

  /** A pod with a claim can come to any node, and must find the mount there. */
  private void everywhere(VolumeDocument volume) {
    var mounting = volume.mountOn().orElse(List.of());
    var without =
        draft.hosts().stream()
            .filter(host -> !Collections.disjoint(draft.roles(host.document()), NODES))
            .map(Draft.Written::name)
            .filter(name -> !mounting.isEmpty() && !mounting.contains(name))
            .map(Object::toString)
            .toList();
    if (!without.isEmpty()) {
      problems.add(
          volume.source().at("mount_on"),
          "storage_class needs the mount on every node, and %s %s without it. leave mount_on out, or use persistent_volumes, which stay on the hosts of mount_on."
              .formatted(String.join(", ", without), without.size() == 1 ? "is" : "are"));
    }
  }

  private void clashes() {
    Map<String, Position> seen = new HashMap<>();
    for (var volume : draft.volumes()) {
      for (var declared : volume.persistentVolumes().orElse(List.of())) {
        declared
            .name()
            .ifPresent(
                it -> once(seen, "persistent volume", it.value(), declared.source().at("name")));
      }
      var source = volume.source();
      volume.name().ifPresent(it -> once(seen, "name", it.value(), source.at("name")));
      volume
          .storageClass()
          .ifPresent(it -> once(seen, "storage_class", it.value(), source.at("storage_class")));
      if (volume.defaultClass()) {
        once(seen, "default_class", "true", source.at("default_class"));
      }
    }
    var volumes = draft.volumes();
    for (var i = 0; i < volumes.size(); i++) {
      for (var j = 0; j < i; j++) {
        paths(volumes.get(j), volumes.get(i));
      }
    }
  }

  private void once(Map<String, Position> seen, String key, String value, Position at) {
    var first = seen.putIfAbsent(key + "=" + value, at);
    if (first != null) {
      problems.add(
          at, "%s %s is taken by the volume in line %d.".formatted(key, value, first.line()));
    }
  }

  private void paths(VolumeDocument first, VolumeDocument second) {
    if (inside(first.brick(), second.brick()) || inside(second.brick(), first.brick())) {
      problems.add(
          second.source().at("brick"),
          "this brick and that in line %d are one inside the other."
              .formatted(first.source().at("brick").line()));
    }
    if (inside(first.mount(), second.mount()) || inside(second.mount(), first.mount())) {
      problems.add(
          second.source().at("mount"),
          "this mount and that in line %d are one inside the other."
              .formatted(first.source().at("mount").line()));
    }
  }

  private static boolean inside(Optional<RemotePath> inner, Optional<RemotePath> outer) {
    return inner.isPresent()
        && outer.isPresent()
        && (inner.get().value() + "/").startsWith(outer.get().value() + "/");
  }

  static Kind kind(VolumeDocument volume) {
    return volume.kind().orElse(Kind.REPLICATED);
  }

  static int replica(VolumeDocument volume) {
    return volume.replica().map(BrickCount::value).orElse(kind(volume) == Kind.ARBITER ? 3 : 1);
  }

  static int redundancy(VolumeDocument volume) {
    return volume.redundancy().map(BrickCount::value).orElse(0);
  }
}

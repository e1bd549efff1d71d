package io.provision.steps.gluster.declared;

import io.provision.model.Position;
import io.provision.model.Role;
import io.provision.section.Findings;
import io.provision.section.Outline;
import io.provision.section.RemotePath;
import io.provision.steps.gluster.declared.GlusterVolume.Kind;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** What can be wrong with GlusterFS volumes. */
record VolumeChecks(Outline outline, List<VolumeSection> volumes, Findings findings) {
  private static final int MOST_VOLUMES = 256;
  private static final Set<Role> NODES = Set.of(Role.CONTROL_PLANE, Role.WORKER);

  void run() {
    if (volumes.size() > MOST_VOLUMES) {
      findings.add(
          volumes.getLast().source().position(),
          "there are more than %d volumes.".formatted(MOST_VOLUMES));
      return;
    }
    volumes.forEach(this::one);
    clashes();
    new DeviceChecks(outline, volumes, findings).clashes();
  }

  private void one(VolumeSection volume) {
    var source = volume.source();
    if (volume.kind().isEmpty() && source.has("kind")) {
      return;
    }
    switch (volume.usedKind()) {
      case REPLICATED -> replicated(volume);
      case ARBITER -> {
        if (volume.bricksOfASet() != 3) {
          findings.add(
              source.at("replica"), "an arbiter volume has replica 3: two copies and the arbiter.");
        }
      }
      case DISTRIBUTED -> {
        if (volume.bricksOfASet() != 1) {
          findings.add(
              source.at("replica"),
              "a distributed volume has no copies. leave replica out, or kind.");
        }
      }
      case DISPERSED -> dispersed(volume);
    }
    if (volume.redundancy().isPresent() && volume.usedKind() != Kind.DISPERSED) {
      findings.add(source.at("redundancy"), "redundancy is for kind: dispersed.");
    }
    bricks(volume);
    mounts(volume);
    new DeviceChecks(outline, volumes, findings).one(volume);
  }

  private void replicated(VolumeSection volume) {
    var source = volume.source();
    if (volume.replica().isEmpty()) {
      if (!source.has("replica")) {
        findings.add(
            source.position(),
            "'replica' is missing. 3 is the usual; for a volume without copies write kind: distributed.");
      }
    } else if (volume.bricksOfASet() == 1) {
      findings.add(
          source.at("replica"),
          "replica 1 keeps only one copy. write kind: distributed if that is meant.");
    } else if (volume.bricksOfASet() == 2 && !volume.iAcceptSplitBrain()) {
      findings.add(
          source.at("replica"),
          "with replica 2 the two copies can disagree, and nobody knows which is right. use replica: 3 or kind: arbiter, or write i_accept_split_brain: true.");
    }
  }

  private void dispersed(VolumeSection volume) {
    var source = volume.source();
    if (volume.replica().isEmpty() || volume.redundancy().isEmpty()) {
      findings.add(
          source.position(),
          "a dispersed volume needs replica (the bricks of a set) and redundancy.");
    } else if (volume.bricksOfASet() <= 2 * volume.mayBeLost()) {
      findings.add(
          source.at("redundancy"),
          "redundancy %d of %d bricks is half or more. it must be less than half."
              .formatted(volume.mayBeLost(), volume.bricksOfASet()));
    }
  }

  private void bricks(VolumeSection volume) {
    var storage = outline.with(Role.STORAGE).size();
    if (storage >= volume.bricksOfASet() || outline.hosts().isEmpty()) {
      return;
    }
    findings.add(
        volume.source().at("replica"),
        storage == 0
            ? "no host has role storage, and the volume's bricks need %d."
                .formatted(volume.bricksOfASet())
            : "replica %d needs as many hosts with role storage, and there are %d."
                .formatted(volume.bricksOfASet(), storage));
  }

  private void mounts(VolumeSection volume) {
    var source = volume.source();
    if (!source.has("mount")) {
      for (var key : List.of("mount_on", "storage_class", "persistent_volumes")) {
        if (source.has(key)) {
          findings.add(
              source.at(key), "%s needs 'mount', the directory it is mounted at.".formatted(key));
        }
      }
    }
    if (volume.defaultClass() && !source.has("storage_class")) {
      findings.add(source.at("default_class"), "default_class needs 'storage_class', its name.");
    }
    volume.mountOn().ifPresent(hosts -> outline.known(hosts, source, "mount_on", findings));
    if (volume.storageClass().isPresent() && !outline.isKubernetes()) {
      findings.warn(source.at("storage_class"), "storage_class means nothing without Kubernetes.");
    }
    if (volume.storageClass().isPresent() && outline.isKubernetes()) {
      everywhere(volume);
    }
    if (inside(volume.brick(), volume.mount()) || inside(volume.mount(), volume.brick())) {
      findings.add(
          source.at("mount"),
          "brick and mount are one inside the other. a brick must never be written to directly.");
    }
  }

  /** A pod with a claim can come to any node, and must find the mount there. */
  private void everywhere(VolumeSection volume) {
    var mounting = volume.mountOn().orElse(List.of());
    var without =
        outline.hosts().stream()
            .filter(host -> !Collections.disjoint(host.roles(), NODES))
            .map(Outline.OutlinedHost::name)
            .filter(name -> !mounting.isEmpty() && !mounting.contains(name))
            .map(Object::toString)
            .toList();
    if (!without.isEmpty()) {
      findings.add(
          volume.source().at("mount_on"),
          "storage_class needs the mount on every node, and %s %s without it. leave mount_on out, or use persistent_volumes, which stay on the hosts of mount_on."
              .formatted(String.join(", ", without), without.size() == 1 ? "is" : "are"));
    }
  }

  private void clashes() {
    Map<String, Position> seen = new HashMap<>();
    for (var volume : volumes) {
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
    for (var i = 0; i < volumes.size(); i++) {
      for (var j = 0; j < i; j++) {
        paths(volumes.get(j), volumes.get(i));
      }
    }
  }

  private void once(Map<String, Position> seen, String key, String value, Position at) {
    var first = seen.putIfAbsent(key + "=" + value, at);
    if (first != null) {
      findings.add(
          at, "%s %s is taken by the volume in line %d.".formatted(key, value, first.line()));
    }
  }

  private void paths(VolumeSection first, VolumeSection second) {
    if (inside(first.brick(), second.brick()) || inside(second.brick(), first.brick())) {
      findings.add(
          second.source().at("brick"),
          "this brick and that in line %d are one inside the other."
              .formatted(first.source().at("brick").line()));
    }
    if (inside(first.mount(), second.mount()) || inside(second.mount(), first.mount())) {
      findings.add(
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
}

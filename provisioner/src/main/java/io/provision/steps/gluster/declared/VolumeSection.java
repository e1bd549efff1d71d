package io.provision.steps.gluster.declared;

import io.provision.model.HostName;
import io.provision.section.Key;
import io.provision.section.ObjectName;
import io.provision.section.RemotePath;
import io.provision.section.Source;
import io.provision.steps.gluster.declared.VolumeGrammar.BrickCount;
import io.provision.steps.gluster.declared.VolumeGrammar.DevicePath;
import io.provision.steps.gluster.declared.VolumeGrammar.OptionName;
import io.provision.steps.gluster.declared.VolumeGrammar.OptionText;
import io.provision.steps.gluster.declared.VolumeGrammar.VolumeName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A volume as it is written. */
record VolumeSection(
    Source source,
    @Key("The name of the volume.") Optional<VolumeName> name,
    @Key(
            value = "replicated (the default), arbiter, distributed or dispersed.",
            usual = "replicated")
        Optional<GlusterVolume.Kind> kind,
    @Key("Copies of every file; for dispersed the bricks of a set.") Optional<BrickCount> replica,
    @Key("For dispersed: how many bricks of a set may be lost.") Optional<BrickCount> redundancy,
    @Key("A directory on each storage host, in a file system of its own.")
        Optional<RemotePath> brick,
    @Key("An empty block device to make that file system on.") Optional<DevicePath> brickDevice,
    @Key("The same by host, where the device has another name there.")
        Optional<Map<HostName, DevicePath>> brickDevices,
    @Key(value = "What is made on the device: xfs (the default) or ext4.", usual = "xfs")
        Optional<GlusterVolume.FileSystem> fileSystem,
    @Key(
            value = "Where every host of the cluster mounts the volume.",
            example = "/mnt/gluster/shared")
        Optional<RemotePath> mount,
    @Key(value = "The hosts that mount it, where not all do.", usual = "every host of the cluster")
        Optional<List<HostName>> mountOn,
    @Key("A StorageClass that hands out directories of the volume.")
        Optional<ObjectName> storageClass,
    @Key(value = "Whether that is the default StorageClass.", usual = "false") boolean defaultClass,
    @Key("Directories of the volume that Kubernetes knows as PersistentVolumes.")
        Optional<List<PersistentVolumeSection>> persistentVolumes,
    @Key(value = "Allows the brick to lie on the root file system.", usual = "false")
        boolean allowRoot,
    @Key(
            value =
                "Allows replica 2 without an arbiter, which can split in two halves that disagree.",
            usual = "false")
        boolean iAcceptSplitBrain,
    @Key("Volume options; only those named here are managed.")
        Optional<Map<OptionName, OptionText>> options) {
  static final List<String> REQUIRED = List.of("name", "brick");

  GlusterVolume.Kind usedKind() {
    return kind.orElse(GlusterVolume.Kind.REPLICATED);
  }

  int bricksOfASet() {
    return replica.map(BrickCount::value).orElse(usedKind() == GlusterVolume.Kind.ARBITER ? 3 : 1);
  }

  int mayBeLost() {
    return redundancy.map(BrickCount::value).orElse(0);
  }

  GlusterVolume settled() {
    return new GlusterVolume(
        name.orElseThrow().value(),
        usedKind(),
        bricksOfASet(),
        mayBeLost(),
        brick.orElseThrow().value(),
        brickDevice.map(DevicePath::value),
        devices(),
        fileSystem.orElse(GlusterVolume.FileSystem.XFS),
        mount.map(RemotePath::value),
        mountOn.orElse(List.of()),
        storageClass.map(ObjectName::value),
        defaultClass,
        allowRoot,
        iAcceptSplitBrain,
        settings(),
        persistentVolumes.orElse(List.of()).stream().map(PersistentVolumeSection::settled).toList(),
        source.position());
  }

  private Map<HostName, String> devices() {
    var devices = new LinkedHashMap<HostName, String>();
    brickDevices.orElse(Map.of()).forEach((host, device) -> devices.put(host, device.value()));
    return devices;
  }

  private Map<String, String> settings() {
    var settings = new LinkedHashMap<String, String>();
    options
        .orElse(Map.of())
        .forEach((option, value) -> settings.put(option.value(), value.value()));
    return settings;
  }
}

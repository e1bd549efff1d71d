package io.provision.steps.gluster.declared;

import io.provision.model.HostName;
import io.provision.model.Position;
import io.provision.model.Role;
import io.provision.section.Findings;
import io.provision.section.Outline;
import io.provision.section.RemotePath;
import io.provision.steps.gluster.declared.VolumeGrammar.DevicePath;
import io.provision.steps.gluster.declared.VolumeGrammar.VolumeName;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What can be wrong with the devices that bricks are made on. */
record DeviceChecks(Outline outline, List<VolumeSection> volumes, Findings findings) {

  void one(VolumeSection volume) {
    var source = volume.source();
    var devices = volume.brickDevices().orElse(Map.of());
    if (volume.brickDevice().isEmpty() && devices.isEmpty()) {
      if (volume.fileSystem().isPresent()) {
        findings.add(
            source.at("file_system"), "file_system is what is made on a brick_device: name one.");
      }
      return;
    }
    outline.known(List.copyOf(devices.keySet()), source, "brick_devices", findings);
    for (var host : devices.keySet()) {
      if (outline.find(host).isPresent()
          && outline.with(Role.STORAGE).stream().noneMatch(it -> it.name().equals(host))) {
        findings.add(
            source.at("brick_devices"),
            "%s has no role storage, so it holds no brick. take it out, or give it the role."
                .formatted(host));
      }
    }
    if (volume.brick().filter(it -> it.value().lastIndexOf('/') == 0).isPresent()) {
      findings.add(
          source.at("brick"),
          "the device is mounted at the directory above the brick, which is / here. write for"
              + " example brick: /data/%s/brick."
                  .formatted(volume.name().map(VolumeName::value).orElse("shared")));
    }
  }

  /** One device, and one place to mount it, for one volume of a host. */
  void clashes() {
    var said = new HashSet<Position>();
    for (var host : outline.with(Role.STORAGE)) {
      Map<String, VolumeSection> taken = new HashMap<>();
      for (var volume : volumes) {
        var device = device(volume, host.name());
        if (device.isEmpty() || volume.brick().isEmpty()) {
          continue;
        }
        once(taken, device.get().value(), volume, host.name(), said);
        once(taken, parent(volume.brick().get()), volume, host.name(), said);
      }
    }
  }

  private void once(
      Map<String, VolumeSection> taken,
      String what,
      VolumeSection volume,
      HostName host,
      HashSet<Position> said) {
    var first = taken.putIfAbsent(what, volume);
    if (first == null || first.equals(volume)) {
      return;
    }
    var isDevice = what.startsWith("/dev/");
    var source = volume.source();
    var key = source.has("brick_device") ? "brick_device" : "brick_devices";
    var at = source.at(isDevice ? key : "brick");
    if (said.add(at)) {
      findings.add(
          at,
          isDevice
              ? "%s of %s is taken by the volume in line %d."
                  .formatted(what, host, first.source().position().line())
              : "the device of the volume in line %d is mounted at %s, too. give each brick a directory of its own, such as %s/%s/brick."
                  .formatted(
                      first.source().position().line(),
                      what,
                      what,
                      volume.name().map(VolumeName::value).orElse("shared")));
    }
  }

  private static Optional<DevicePath> device(VolumeSection volume, HostName host) {
    return Optional.ofNullable(volume.brickDevices().orElse(Map.of()).get(host))
        .or(volume::brickDevice);
  }

  private static String parent(RemotePath brick) {
    return brick.value().substring(0, brick.value().lastIndexOf('/'));
  }
}

package io.provision.steps.gluster.mount;

import io.provision.model.Content;
import io.provision.model.HostName;
import io.provision.remote.Payload;
import io.provision.remote.Script;
import io.provision.render.Template;
import io.provision.resource.ManagedFile;
import io.provision.resource.unit.UnitName;
import io.provision.step.Question;
import io.provision.steps.gluster.declared.GlusterVolume;
import java.util.List;
import java.util.stream.Stream;

/** The units of one mounted volume: their names, their files, and where their log is. */
record MountUnits(GlusterVolume volume) {
  private static final String UNITS = "/etc/systemd/system/";
  private static final int MOST_BACKUPS = 4;
  private static final Template MOUNT = Template.of("gluster/mount.ftl");
  private static final Template AUTOMOUNT = Template.of("gluster/automount.ftl");
  private static final Template KEEPER = Template.of("gluster/keeper.service.ftl");

  private record Model(
      String volume, String server, List<String> backups, String path, String unit) {}

  /** A unit file with what it should hold. */
  record UnitFile(String name, String text) {
    String path() {
      return UNITS + name;
    }

    Script write() {
      var content = Content.of(text);
      return Script.of(
              ManagedFile.writeFunction(),
              path(),
              "0644",
              "root",
              "root",
              content.sha256().hex(),
              "-")
          .with(new Payload.Bytes(content));
    }
  }

  String path() {
    return volume.mount().orElseThrow();
  }

  /** Without a type. */
  String unit() {
    return UnitName.of(path());
  }

  String automount() {
    return unit() + ".automount";
  }

  String mount() {
    return unit() + ".mount";
  }

  /** The service that tries until the volume is mounted. */
  String keeper() {
    return "provision-gluster-%s.service".formatted(volume.name());
  }

  String log() {
    return "/var/log/glusterfs/%s.log".formatted(path().substring(1).replace('/', '-'));
  }

  Question<MountState> question() {
    return MountState.of(path(), UNITS + mount(), UNITS + automount(), UNITS + keeper());
  }

  /**
   * @param self asks its own daemon first, where it has one
   * @param storage hosts with a daemon
   */
  List<UnitFile> files(HostName self, List<HostName> storage) {
    var servers =
        Stream.concat(
                storage.stream().filter(self::equals),
                storage.stream().filter(it -> !it.equals(self)))
            .map(HostName::value)
            .toList();
    var model =
        new Model(
            volume.name(),
            servers.getFirst(),
            servers.subList(1, Math.min(servers.size(), 1 + MOST_BACKUPS)),
            path(),
            unit().replace("\\", "\\\\"));
    return List.of(
        new UnitFile(mount(), text(MOUNT, model)),
        new UnitFile(automount(), text(AUTOMOUNT, model)),
        new UnitFile(keeper(), text(KEEPER, model)));
  }

  private static String text(Template template, Model model) {
    return ((Content.Plain) template.render(model)).text();
  }
}

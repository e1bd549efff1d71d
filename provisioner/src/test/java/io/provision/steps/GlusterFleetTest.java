package io.provision.steps;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.engine.NoDesk;
import io.provision.load.bind.Surroundings;
import io.provision.load.inventory.InventoryLoader;
import io.provision.model.Inventory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The steps of GlusterFS on three hosts with a pool between them, from nothing to mounted. */
final class GlusterFleetTest {
  private static final List<String> FROM_NOTHING =
      List.of(
          "gluster-server",
          "gluster-identity",
          "gluster-pool",
          "gluster-brick",
          "gluster-volume",
          "gluster-mount",
          "gluster-directories");

  private static final List<String> LATER = List.of("gluster-online", "gluster-rebalance");

  /** The steps that are seen here to go from a difference to none. */
  static final List<String> STEPS =
      Stream.of(FROM_NOTHING, LATER, List.of("gluster-drop-in")).flatMap(List::stream).toList();

  @TempDir Path directory;

  /** Programs that need a machine, or know nothing of a directory that is a root. */
  private static final Map<String, String> PROGRAMS =
      Map.ofEntries(
          Map.entry(
              "dpkg-query",
              """
              while read -r name; do echo "$name amd64 install installed 11.1"; done <"$root/there"
              """),
          Map.entry("dpkg", "exit 0"),
          Map.entry("rpm", "exit 127"),
          Map.entry(
              "apt-get",
              """
              for word do
                case $word in -* | *=* | install) ;; *) echo "$word" >>"$root/there" ;; esac
              done
              echo glusterd.service >>"$root/packaged"
              """),
          Map.entry("findmnt", "echo /opt/bricks"),
          Map.entry("getent", "[ -d \"$fleet/hosts/$2\" ] && echo \"10.0.0.1 $2\""),
          Map.entry(
              "getfattr",
              """
              for path do :; done
              [ -f "$path/.glusterfs/volume-id" ] || exit 1
              case "$*" in
                *volume-id*) echo "trusted.glusterfs.volume-id=0x$(cat "$path/.glusterfs/volume-id")" ;;
              esac
              """),
          Map.entry("unshare", "shift; exec \"$@\""),
          Map.entry("mount", "exit 0"),
          Map.entry("chattr", "[ \"$1\" = +i ] && : >\"$root/$(basename \"$2\").immutable\""),
          Map.entry(
              "lsattr",
              """
              flag=-
              [ ! -e "$root/$(basename "$2").immutable" ] || flag=i
              echo "----$flag---------e------- $2"
              """));

  private static final String INVENTORY =
      """
      cluster:
        name: lab
        distribution: none
        storage:
          gluster:
            volumes:
              - name: v
                replica: 3
                brick: /opt/bricks/v
                mount: /opt/mnt/v
                persistent_volumes: [{ name: photos, size: 1Gi }, { name: b, size: 1Gi, path: media/b }]
      hosts:
        n1: { address: 10.0.0.1, roles: [storage] }
        n2: { address: 10.0.0.2, roles: [storage] }
        n3: { address: 10.0.0.3, roles: [storage] }
      """;

  private static Inventory inventory(String text) {
    return new InventoryLoader(new Surroundings(Map.of(), Path.of("/nonexistent")), Catalog.areas())
        .load(Path.of("inventory.yml"), text.getBytes(StandardCharsets.UTF_8))
        .inventory();
  }

  private Fleet fleet() throws Exception {
    return fleet(INVENTORY);
  }

  private Fleet fleet(String text) throws Exception {
    var fleet = new Fleet(directory, inventory(text), new NoDesk());
    PROGRAMS.forEach(fleet::program);
    for (var host : List.of("n1", "n2", "n3")) {
      fleet
          .file(host, "there", "")
          .file(host, "run/systemd/system/x", "")
          .file(
              host,
              "proc/sys/kernel/random/uuid",
              "0f7a4c1e-0000-4000-8000-00000000000" + host.charAt(1) + "\n");
      Files.createDirectories(fleet.root(host).resolve("opt/bricks"));
    }
    return fleet.program("systemctl").program("gluster");
  }

  /** From three hosts with nothing on them, two of which were cloned, to files in a volume. */
  @Test
  void everyStepIsInSyncAfterItsRepair() throws Exception {
    var fleet = fleet();
    for (var clone : List.of("n2", "n3")) {
      fleet.file(
          clone, "var/lib/glusterd/glusterd.info", "UUID=9d1d4b35-0a1a-4a6c-8f3e-0b4f3f5d6a01\n");
    }
    assertThat(fleet.converge("node-address")).isFalse();
    for (var step : FROM_NOTHING) {
      assertThat(fleet.converge(step)).as(step).isTrue();
    }
    Files.delete(
        fleet.root("n2").resolve("var/run/gluster/vols/v/n2-opt-bricks-v.pid")); // it has ended
    Files.writeString(
        fleet.shared().resolve("volumes/v/options/user.provision.rebalance"), "pending");
    for (var step : LATER) {
      assertThat(fleet.converge(step)).as(step).isTrue();
    }
    assertThat(fleet.strange()).isEmpty();
    assertThat(fleet.root("n3").resolve("opt/mnt/v/media/b")).isDirectory();
  }

  /** What the volume should be and is not any more is set right, and seen to be. */
  @Test
  void anOptionThatSomebodyChangedIsSetBack() throws Exception {
    var fleet = fleet();
    var _ = fleet.converge("node-address");
    for (var step : FROM_NOTHING.subList(0, FROM_NOTHING.indexOf("gluster-mount"))) {
      var _ = fleet.converge(step);
    }
    var option = fleet.shared().resolve("volumes/v/options/cluster.self-heal-daemon");
    Files.writeString(option, "off");
    assertThat(fleet.converge("gluster-volume")).isTrue();
    assertThat(option).content().isEqualTo("on");
    assertThat(fleet.strange()).isEmpty();
  }

  /** On a host that is no storage host any more, and in no pool. */
  @Test
  void ourSettingsOfGlusterdGoWithTheRole() throws Exception {
    var fleet =
        fleet(
            INVENTORY
                .replace(", roles: [storage]", "")
                .replaceAll("(?s)  storage:.*?hosts:", "hosts:"));
    var dropIn = "etc/systemd/system/glusterd.service.d/50-provision.conf";
    fleet.file("n2", dropIn, "[Service]\n");
    assertThat(fleet.converge("gluster-drop-in")).isTrue();
    assertThat(fleet.root("n2").resolve(dropIn)).doesNotExist();
  }
}

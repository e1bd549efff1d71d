package io.provision.steps.gluster.brick;

import io.provision.steps.gluster.answers.VolumeInfo;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * What is left of a volume that was deleted, and how its files come back: its bricks keep them, and
 * a volume that is created by force from the same bricks in the same order has them again (tried
 * with GlusterFS 10.3). In another order the files of copies are healed from the wrong ones, and
 * those of a dispersed volume are garbage.
 */
public final class WayBack {
  private WayBack() {}

  /** The command that makes it again, to be typed on any host of the pool. */
  public static String command(VolumeInfo volume) {
    var words = new ArrayList<>(List.of("gluster volume create", volume.name()));
    words.addAll(
        switch (volume.kind()) {
          case REPLICATED -> List.of("replica", "" + volume.setSize());
          case ARBITER -> List.of("replica", "" + volume.setSize(), "arbiter", "1");
          case DISTRIBUTED -> List.<String>of();
          case DISPERSED ->
              List.of("disperse", "" + volume.setSize(), "redundancy", "" + volume.redundancy());
        });
    volume.bricks().forEach(brick -> words.add(brick.toString()));
    words.add("force");
    return String.join(" ", words);
  }

  /** Where its files lie. */
  public static String places(VolumeInfo volume) {
    return volume.bricks().stream()
        .map(VolumeInfo.Brick::toString)
        .collect(Collectors.joining(", "));
  }

  /** For whoever is asked whether it may be deleted. */
  public static String ofVolume(VolumeInfo volume) {
    return "Its files stay in %s. The way back: '%s' on a storage host, put the volume into the inventory again, and apply"
        .formatted(places(volume), command(volume));
  }

  /** For whoever is asked whether hosts may leave the pool. */
  public static String ofHosts(List<String> names) {
    return "On %s stay the packages, glusterd with its record in /var/lib/glusterd, mounts, and the directories of bricks, whose files are in the other bricks then. The way back: put it into the inventory again as a storage host, remove what is left in the directories of its bricks, and apply: it joins as a new host"
        .formatted(String.join(", ", names));
  }
}

package io.provision.steps.gluster.volume;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.steps.gluster.Declared;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.declared.GlusterVolume;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What can go wrong with a volume as somebody made it is said, with the way out. */
final class VolumeRisksTest {
  private static final String PAIR =
      "{ name: data, replica: 2, brick: /data/brick, i_accept_split_brain: true }";
  private static final VolumeAccess HOSTS = new VolumeAccess(Set.of("10.0.0.1"), true);
  private static final Map<String, String> CLOSED = Map.of("auth.allow", "10.0.0.1");

  @Test
  void twoCopiesCanDisagreeAndAnArbiterDecides() {
    assertThat(risks(PAIR, 2, 2, CLOSED))
        .singleElement()
        .asString()
        .contains("split brain", "replica 3 arbiter 1 HOST:/data/brick'", "kind: arbiter");
    assertThat(risks(PAIR, 2, 4, CLOSED).getFirst())
        .contains("arbiter 1 HOST:/data/brick HOST:/data/brick'");
    var three = "{ name: data, replica: 3, brick: /data/brick }";
    assertThat(risks(three, 3, 3, CLOSED)).isEmpty();
  }

  @Test
  void whoIsCutOffByAClosedDoorIsWarned() {
    var three = "{ name: data, replica: 3, brick: /data/brick }";
    assertThat(risks(three, 3, 3, Map.of()))
        .singleElement()
        .asString()
        .contains("is cut off", "gluster volume status data clients", "auth.allow");
    assertThat(risks(three.replace(" }", ", options: { auth.allow: \"*\" } }"), 3, 3, Map.of()))
        .as("the inventory says who may")
        .isEmpty();
  }

  private static List<String> risks(
      String volume, int setSize, int bricks, Map<String, String> options) {
    var is =
        new VolumeInfo(
            "data",
            "id",
            true,
            GlusterVolume.Kind.REPLICATED,
            setSize,
            0,
            IntStream.range(0, bricks)
                .mapToObj(at -> new VolumeInfo.Brick("n" + at, "/data/brick", "uuid" + at, false))
                .toList(),
            options);
    return VolumeRisks.of(Declared.volume(3, volume), is, HOSTS);
  }
}

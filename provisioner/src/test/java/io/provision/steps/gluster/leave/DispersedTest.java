package io.provision.steps.gluster.leave;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.step.Check;
import io.provision.steps.gluster.Declared;
import io.provision.steps.gluster.answers.Pool;
import io.provision.steps.gluster.answers.Reading;
import io.provision.steps.gluster.answers.VolumeInfo;
import io.provision.steps.gluster.brick.Layout;
import io.provision.steps.gluster.brick.WayBack;
import io.provision.steps.gluster.declared.GlusterVolume.Kind;
import io.provision.steps.gluster.gate.GlusterGate;
import io.provision.steps.gluster.gate.GlusterHealth;
import io.provision.steps.gluster.volume.GlusterVolumes;
import io.provision.steps.gluster.volume.VolumeAccess;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Of a dispersed volume any so many bricks may be away as it has redundancy: that number is never
 * taken for the number of bricks, nor for that of another volume.
 */
final class DispersedTest {
  @Test
  void theWayBackSaysHowManyBricksThereWereAndHowManyOfThemMayBeAway() {
    assertThat(WayBack.command(dispersed(6, 2)))
        .startsWith("gluster volume create media disperse 6 redundancy 2 n1:/d/media n2:/d/media ")
        .endsWith(" n6:/d/media force");
  }

  @ParameterizedTest
  @CsvSource({"6, 2", "6, 1", "3, 1"})
  void withoutTheDeadAVolumeIsStillAsRedundantAsItWas(int bricks, int redundancy) {
    var peers = new ArrayList<Pool.Peer>();
    for (var brick : dispersed(bricks, redundancy).bricks()) {
      peers.add(
          new Pool.Peer(
              brick.uuid(), List.of(brick.host()), true, Optional.of(Pool.IN_CLUSTER), ""));
    }
    var seen =
        new GlusterHealth.Seen(
            "u1",
            new Reading.Of<>(new Pool(peers)),
            new Reading.Of<>(List.of(dispersed(bricks, redundancy))),
            Optional.empty());
    var host = new HostName("n1");
    var view = new GlusterGate.View(List.of(host), Set.of(), Map.of(host, seen), Map.of());
    var left =
        new WithoutTheDead(Set.of("u" + bricks), Map.of(), Set.of("media"))
            .of(view)
            .seen()
            .get(host);
    var volume = left.volumes().value().orElseThrow().getFirst();
    assertThat(volume.redundancy()).isEqualTo(redundancy);
    assertThat(volume.setSize()).isEqualTo(bricks);
    assertThat(volume.bricks()).hasSize(bricks - 1);
    assertThat(left.pool().value().orElseThrow().peers()).hasSize(bricks - 1);
  }

  @Test
  void aVolumeThatIsLessRedundantThanDeclaredIsRefusedAndNotTakenForIt() {
    assertThat(compared(dispersed(6, 2))).isNotInstanceOf(Check.Refused.class);
    for (var redundancy : List.of(1, 3)) {
      assertThat(compared(dispersed(6, redundancy)))
          .isInstanceOfSatisfying(
              Check.Refused.class,
              it ->
                  assertThat(it.what())
                      .isEqualTo(
                          "volume media is dispersed over 6 with redundancy %d, and the inventory says dispersed over 6 with redundancy 2",
                          redundancy));
    }
  }

  private static Check compared(VolumeInfo volume) {
    var wanted =
        Declared.volume(
            6, "{ name: media, kind: dispersed, replica: 6, redundancy: 2, brick: /d/media }");
    var hosts = Declared.hosts(1, 2, 3, 4, 5, 6);
    var of =
        new GlusterVolumes.Case(
            wanted,
            Layout.of(wanted, hosts, hosts),
            Map.of(),
            Map.of(),
            new VolumeAccess(Set.of(), false));
    return GlusterVolumes.check(of, Optional.of(volume));
  }

  private static VolumeInfo dispersed(int bricks, int redundancy) {
    var all = new ArrayList<VolumeInfo.Brick>();
    for (var n = 1; n <= bricks; n++) {
      all.add(new VolumeInfo.Brick("n" + n, "/d/media", "u" + n, false));
    }
    return new VolumeInfo("media", "id", true, Kind.DISPERSED, bricks, redundancy, all, Map.of());
  }
}

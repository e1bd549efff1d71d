package io.provision.steps.gluster.mount;

import static org.assertj.core.api.Assertions.assertThat;

import io.provision.model.HostName;
import io.provision.step.Change;
import io.provision.step.Check;
import io.provision.steps.gluster.Declared;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

final class GlusterMountTest {
  private static final String ID = "060ae969-6b25-4a4e-bcf2-a48172388d6e";
  private static final MountUnits UNITS =
      new MountUnits(
          Declared.volume(
              3, "{ name: shared, replica: 3, brick: /data/b/shared, mount: /mnt/my-vol }"));
  private static final List<MountUnits.UnitFile> FILES =
      UNITS.files(new HostName("n2"), Declared.hosts(1, 2, 3));

  @Test
  void isInSyncWhereAllIsThere() {
    assertThat(check(state("fuse.glusterfs", "ok", ID))).isInstanceOf(Check.InSync.class);
  }

  @Test
  void aHostAsksItsOwnDaemonFirstAndTheOthersAfterIt() {
    assertThat(FILES)
        .extracting(MountUnits.UnitFile::name)
        .containsExactly(
            "mnt-my\\x2dvol.mount", "mnt-my\\x2dvol.automount", "provision-gluster-shared.service");
    assertThat(FILES.getFirst().text())
        .contains("What=n2:/shared", "backup-volfile-servers=n1:n3", "After=glusterd.service");
    assertThat(UNITS.files(new HostName("m1"), Declared.hosts(1, 2)).getFirst().text())
        .contains("What=n1:/shared", "backup-volfile-servers=n2");
  }

  @Test
  void aFreshHostGetsUnitsAnImmutableDirectoryAndTheMount() {
    var nothing = new MountState("", "", "", "", false, false, false, false, Map.of());
    assertThat(((Check.Drift) check(nothing)).changes())
        .extracting(Change::subject)
        .contains("/etc/systemd/system/mnt-my\\x2dvol.mount", "/mnt/my-vol", "mount /mnt/my-vol");
  }

  @Test
  void aMountWhoseProcessIsGoneIsMountedAnew() {
    assertThat(((Check.Drift) check(state("fuse.glusterfs", "dead", ""))).changes())
        .singleElement()
        .satisfies(it -> assertThat(it.action()).isEqualTo(Change.Action.RESTART));
  }

  @Test
  void aMountWhoseBricksAreOutOfReachIsWaitedForAndNeverUnmounted() {
    assertThat(check(state("fuse.glusterfs", "hung", ""))).isInstanceOf(Check.NotYet.class);
    assertThat(check(state("fuse.glusterfs", "away", "")))
        .isInstanceOfSatisfying(
            Check.NotYet.class, it -> assertThat(it.awaited()).contains("unreachable"));
  }

  @Test
  void filesBeneathAMountAreNeverHidden() {
    var files = new MountState("", "", "", "", true, false, false, false, Map.of());
    assertThat(((Check.Refused) check(files)).what()).contains("/mnt/my-vol beneath", "not empty");
  }

  @Test
  void anotherVolumeOrAnotherFileSystemThereIsRefusedByName() {
    var other = state("fuse.glusterfs", "ok", "other", "n2:/another");
    assertThat(((Check.Refused) check(other)).what()).contains("holds volume id other");
    assertThat(((Check.Refused) check(state("nfs4", "", ""))).what())
        .contains("something else is mounted at /mnt/my-vol");
  }

  @Test
  void aVolumeWithoutItsMarkGetsIt() {
    assertThat(((Check.Drift) check(state("fuse.glusterfs", "ok", ""))).changes())
        .extracting(Change::subject)
        .containsExactly("/mnt/my-vol/.provision-volume");
  }

  @Test
  void aVolumeThatWasMadeAgainFromItsOldBricksGetsItsNewMark() {
    for (var source : List.of("n2:/shared", "n2:shared")) {
      assertThat(((Check.Drift) check(state("fuse.glusterfs", "ok", "old", source))).changes())
          .singleElement()
          .satisfies(it -> assertThat(it.subject()).isEqualTo("/mnt/my-vol/.provision-volume"));
    }
  }

  private static MountState state(String type, String answer, String sentinel) {
    return state(type, answer, sentinel, "n2:/shared");
  }

  private static MountState state(String type, String answer, String sentinel, String source) {
    var texts = new TreeMap<String, String>();
    FILES.forEach(it -> texts.put(it.name(), it.text()));
    return new MountState(type, source, answer, sentinel, true, true, true, false, texts);
  }

  private static Check check(MountState state) {
    return GlusterMount.check(new GlusterMount.Case(UNITS, ID, FILES), state, List.of());
  }
}
